//! Who asks: from the session cookie to the [`Actor`], with the checks every request passes before a handler sees it.

use crate::app::App;
use crate::cookie::{COOKIE, FreshToken};
use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use rules::access::{Action, Actor, Target, may, role_allows, scope};
use rules::ids::RootOrg;
use store::{AccountGrant, Session, now_ms};

/// A session unused for so long is over (milliseconds).
pub(crate) const IDLE: i64 = 60 * 60 * 1000;
/// A session is over so long after signing in, used or not.
pub(crate) const LONGEST: i64 = 12 * 60 * 60 * 1000;
/// A token is exchanged for a new one so long after the last exchange.
const ROTATE: i64 = 15 * 60 * 1000;
/// How exactly the last use is noted.
const TOUCH: i64 = 60 * 1000;

/// Somebody who is signed in.
pub(crate) struct Signed {
    /// What he or she may do.
    pub(crate) actor: Actor,
    /// The roles with the names of their organisations.
    pub(crate) grants: Vec<AccountGrant>,
    /// The session.
    pub(crate) session: Session,
}

impl Signed {
    /// The enterprise.
    pub(crate) fn root(&self) -> RootOrg {
        self.actor.root
    }

    /// Refuses unless the actor may do this somewhere.
    pub(crate) fn may(&self, action: Action) -> Result<(), Problem> {
        if may(&self.actor, action, Target::Scope) { Ok(()) } else { Err(refusal(action)) }
    }

    /// Refuses unless the actor may do this in the organisation of this path. Outside the actor's subtrees it does not exist.
    pub(crate) fn may_within(&self, action: Action, path: &str, what: &str) -> Result<(), Problem> {
        if may(&self.actor, action, Target::Within(path)) {
            return Ok(());
        }
        let sees = self
            .actor
            .grants
            .iter()
            .any(|grant| path.starts_with(&grant.path) && (role_allows(grant.role, Action::OrgView)));
        Err(if sees || !may(&self.actor, action, Target::Scope) { refusal(action) } else { Problem::not_found(what) })
    }

    /// Refuses unless the actor may decide this on the organisation of this path: from above, never on the own one.
    pub(crate) fn may_below(&self, action: Action, path: &str) -> Result<(), Problem> {
        if may(&self.actor, action, Target::Below(path)) {
            return Ok(());
        }
        self.may_within(action, path, "党组织")?;
        Err(Problem::forbidden("此事须由上级党组织决定，本级不能自行决定。请报上级党组织办理。"))
    }

    /// The subtrees in which the actor may do this; refuses when there are none.
    pub(crate) fn scope(&self, action: Action) -> Result<Vec<String>, Problem> {
        self.may(action)?;
        Ok(scope(&self.actor, action))
    }
}

fn refusal(action: Action) -> Problem {
    let roles: Vec<&str> =
        rules::access::Role::ALL.iter().filter(|role| role_allows(**role, action)).map(|role| role.name()).collect();
    Problem::forbidden(format!("您的角色不能办理此事，须由{}办理。请联系安全管理员核对授权。", roles.join("、")))
}

/// The session token a request carries.
pub(crate) fn token_of(parts: &Parts) -> Option<String> {
    let cookies = parts.headers.get_all(header::COOKIE);
    cookies
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('=').map(str::to_owned))
}

impl FromRequestParts<App> for Signed {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = token_of(parts).ok_or_else(Problem::signed_out)?;
        let mut session = app.store.session(&sealed::token_hash(&token)).await?.ok_or_else(Problem::signed_out)?;
        let now = now_ms();
        if session.account.disabled || now - session.seen_at > IDLE || now - session.created_at > LONGEST {
            app.store.end_session(&session).await?;
            return Err(Problem::signed_out());
        }
        if !matches!(parts.method, Method::GET | Method::HEAD) {
            let sent = parts.headers.get("x-csrf-token").map_or(&[][..], |value| value.as_bytes());
            if !sealed::equal(sent, session.csrf.as_bytes()) {
                let detail = "请求缺少本页的校验码，没有办理。请刷新页面后重试。";
                return Err(Problem::new(StatusCode::FORBIDDEN, "bad_csrf", "请刷新页面", detail));
            }
        }
        if session.account.must_change_password && !parts.uri.path().starts_with("/api/session") {
            let detail = "初始密码须先修改，才能办理其他事项。";
            return Err(Problem::new(StatusCode::FORBIDDEN, "must_change_password", "请先修改密码", detail));
        }
        if now - session.seen_at > TOUCH {
            app.store.touch_session(&session, now).await?;
        }
        if now - session.rotated_at > ROTATE
            && let Some(fresh) = parts.extensions.get::<FreshToken>()
        {
            let token = sealed::random_token()?;
            let hash = sealed::token_hash(&token);
            if app.store.rotate_session(&session, &hash, now).await? {
                session.token_hash = hash;
                fresh.put(token);
            }
        }
        let grants = app.store.grants(session.account.root, session.account.id).await?;
        Ok(Signed { actor: session.account.actor(&grants), grants, session })
    }
}
