//! Who stands where towards a case: in its branch, or strictly above it.

use crate::signed::Signed;
use crate::{App, Problem};
use rules::access::{Action, Target, may, role_allows};
use rules::development::StepActor;
use rules::ids::CaseId;
use store::Acting;

/// The path of a case's branch, when this account may do this there. Elsewhere the case does not exist.
pub(super) async fn path_for(app: &App, signed: &Signed, action: Action, id: CaseId) -> Result<String, Problem> {
    signed.may(action)?;
    let path = app.store.case_org_path(signed.root(), id).await?;
    signed.may_within(action, &path, "卷宗")?;
    Ok(path)
}

/// As what this account acts on a case of a branch.
pub(super) fn acting(signed: &Signed, path: &str) -> Acting {
    let above = signed.grants.iter().filter(|grant| {
        role_allows(grant.role, Action::WorkApprove) && grant.path != path && path.starts_with(&grant.path)
    });
    Acting {
        branch: may(&signed.actor, Action::WorkDo, Target::Within(path)),
        superiors: above.map(|grant| grant.org).collect(),
    }
}

/// Whether this account may take a step of this actor in a branch.
pub(super) fn may_take(signed: &Signed, path: &str, actor: StepActor) -> bool {
    match actor {
        StepActor::Applicant | StepActor::Branch => may(&signed.actor, Action::WorkDo, Target::Within(path)),
        StepActor::Superior => may(&signed.actor, Action::WorkApprove, Target::Below(path)),
    }
}

/// Whether such a step is for this account's own organisation to take: the branch itself, or one above it.
pub(super) fn is_own(signed: &Signed, path: &str, actor: StepActor) -> bool {
    match actor {
        StepActor::Applicant | StepActor::Branch => {
            signed.grants.iter().any(|grant| role_allows(grant.role, Action::WorkDo) && grant.path == path)
        }
        StepActor::Superior => may_take(signed, path, actor),
    }
}

/// Why this account may not take a step of this actor.
pub(super) fn why_not(signed: &Signed, actor: StepActor) -> String {
    let works = signed.grants.iter().any(|grant| role_allows(grant.role, Action::WorkDo));
    match (works, actor) {
        (false, _) => "您的账号只能查看".to_owned(),
        (true, StepActor::Superior) => "由上级党委办理".to_owned(),
        (true, StepActor::Applicant | StepActor::Branch) => "由所在党支部办理".to_owned(),
    }
}
