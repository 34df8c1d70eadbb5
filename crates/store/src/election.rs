//! 换届选举: elections of an organisation. What may be done with one is the rules' to say (`rules::election`); confirming one changes the
//! posts and the term in the same transaction.

use crate::elector;
use crate::error::StoreError;
use crate::org::Org;
use crate::record::NewRecord;
use crate::sql::{day, day_opt, get, in_subtrees, subtree_bounds};
use crate::write::{Subject, Versioned, Write};
use crate::{Author, Store, now_ms};
use jiff::civil::Date;
use rules::activity::Activity;
use rules::date::day_number;
use rules::election::{Command, Election, ElectionKind, ElectionState, Facts, Named, decide};
use rules::ids::{ElectionId, OrgId, RootOrg};
use rules::org::{has_committee, next_election};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

/// An election as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElectionRow {
    /// Its id.
    pub id: ElectionId,
    /// Raised by every change of it.
    pub version: i64,
    /// Whose.
    pub org: OrgId,
    /// That organisation's name.
    pub org_name: String,
    /// That organisation's path.
    pub path: String,
    /// Why.
    pub kind: ElectionKind,
    /// Where it stands.
    pub state: ElectionState,
    /// The day planned for the meeting.
    pub planned_on: Date,
    /// The day of the meeting.
    pub held_on: Option<Date>,
}

/// Which elections a list asks for.
#[derive(Debug, Clone, Default)]
pub struct ElectionFilter {
    /// Only this organisation's.
    pub org: Option<OrgId>,
    /// Only those under way.
    pub open: bool,
    /// Only older ones: the list's cursor.
    pub before: Option<ElectionId>,
}

/// A new election.
#[derive(Debug, Clone, Copy)]
pub struct NewElection {
    /// Whose.
    pub org: OrgId,
    /// Why.
    pub kind: ElectionKind,
    /// 应选.
    pub seats: u32,
    /// The day of the meeting.
    pub planned_on: Date,
}

const COLUMNS: &str = "e.id, e.version, e.org_id, o.name, o.path, e.kind, e.state, e.planned_on, e.held_on";
const TABLES: &str = "election e JOIN org o ON o.root_org = e.root_org AND o.id = e.org_id";

fn row_of(row: &AnyRow) -> Result<ElectionRow, StoreError> {
    let (kind, state): (String, String) = (get(row, "kind")?, get(row, "state")?);
    Ok(ElectionRow {
        id: ElectionId(get(row, "id")?),
        version: get(row, "version")?,
        org: OrgId(get(row, "org_id")?),
        org_name: get(row, "name")?,
        path: get(row, "path")?,
        kind: ElectionKind::from_key(&kind).ok_or_else(|| StoreError::Corrupt(format!("选举种类 {kind}")))?,
        state: ElectionState::from_key(&state).ok_or_else(|| StoreError::Corrupt(format!("选举状态 {state}")))?,
        planned_on: day(get(row, "planned_on")?)?,
        held_on: day_opt(get(row, "held_on")?)?,
    })
}

fn place(root: RootOrg, id: ElectionId) -> String {
    format!("election:{root}:{id}")
}

/// Who may vote and be elected (VOTE-03); whoever is out of contact is not reckoned with.
async fn electors(db: &mut AnyConnection, root: RootOrg, path: &str, on: Date) -> Result<Vec<Named>, StoreError> {
    let found = elector::electors(db, root, path, on).await?;
    let reached = found.into_iter().filter(|one| !one.out_of_contact);
    Ok(reached.map(|one| Named { person: one.person, name: one.name }).collect())
}

impl Store {
    /// Elections in the given subtrees, newest first.
    pub async fn elections(
        &self,
        root: RootOrg,
        scope: &[String],
        filter: &ElectionFilter,
        limit: i64,
    ) -> Result<Vec<ElectionRow>, StoreError> {
        let statement = format!(
            "SELECT {COLUMNS} FROM {TABLES} WHERE e.root_org = $1 AND e.id < $2 AND (CAST($3 AS BIGINT) = 0 OR e.org_id = $3) \
             AND (CAST($4 AS BIGINT) = 0 OR e.state NOT IN ('confirmed', 'cancelled')) AND {} ORDER BY e.id DESC LIMIT $5",
            in_subtrees("o.path", 6, scope.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(statement))
            .bind(root.0)
            .bind(filter.before.map_or(i64::MAX, |id| id.0))
            .bind(filter.org.map_or(0, |org| org.0))
            .bind(i64::from(filter.open))
            .bind(limit);
        for bound in scope.iter().flat_map(|path| subtree_bounds(path)) {
            query = query.bind(bound);
        }
        query.fetch_all(&self.db.read).await?.iter().map(row_of).collect()
    }

    /// One election, whole.
    pub async fn election(&self, root: RootOrg, id: ElectionId) -> Result<(ElectionRow, Election), StoreError> {
        let statement = format!("SELECT {COLUMNS}, e.sealed FROM {TABLES} WHERE e.root_org = $1 AND e.id = $2");
        let row = sqlx::query(AssertSqlSafe(statement)).bind(root.0).bind(id.0).fetch_optional(&self.db.read).await?;
        self.opened(root, row)
    }

    fn opened(&self, root: RootOrg, row: Option<AnyRow>) -> Result<(ElectionRow, Election), StoreError> {
        let row = row.ok_or(StoreError::NotFound("选举"))?;
        let head = row_of(&row)?;
        let sealed: Vec<u8> = get(&row, "sealed")?;
        let plain = self.ring.open_sealed(&sealed, place(root, head.id).as_bytes())?;
        Ok((head, serde_json::from_slice(&plain)?))
    }

    /// Who may vote and be elected in an organisation on a day (VOTE-03).
    pub async fn electors(&self, root: RootOrg, path: &str, on: Date) -> Result<Vec<Named>, StoreError> {
        let mut db = self.db.read.acquire().await?;
        electors(&mut db, root, path, on).await
    }

    /// Begins an election; one organisation has one under way.
    pub async fn begin_election(
        &self,
        author: impl Into<Author>,
        new: NewElection,
        today: Date,
    ) -> Result<ElectionId, StoreError> {
        let mut write = self.begin(author, "election.begin").await?;
        let org = write.standing_org(new.org).await?;
        if org.kind.usual_term_years().is_none() {
            let message = format!("{}没有任期，不办理换届选举。请选择党支部、党总支或者党委。", org.kind.name());
            return Err(StoreError::refused("org_place", message));
        }
        let open = sqlx::query(
            "SELECT COUNT(*) AS n FROM election WHERE root_org = $1 AND org_id = $2 AND state NOT IN ('confirmed', 'cancelled')",
        );
        let open = open.bind(write.root.0).bind(org.id.0).fetch_one(&mut *write.tx).await?;
        if get::<i64, _>(&open, "n")? > 0 {
            let message = format!("「{}」已有选举在办理中。请继续办理，或先取消。", org.name);
            return Err(StoreError::refused("election_open", message));
        }
        let electors = electors(&mut write.tx, write.root, &org.path, today).await?;
        let measures = self.measures(write.root, today).await?;
        let election = Election {
            kind: new.kind,
            state: ElectionState::Preparing,
            seats: new.seats,
            committee: !org.kind.is_branch() || has_committee(electors.len() as i64, &measures, today),
            planned_on: new.planned_on,
            term_end: org
                .term_from
                .zip(org.term_years.or(org.kind.usual_term_years()))
                .map(|(from, years)| next_election(from, years)),
            candidates: Vec::new(),
            tellers: Vec::new(),
            request: None,
            reply: None,
            returned: None,
            assembly: None,
            rounds: Vec::new(),
            posts: Vec::new(),
            report: None,
            confirmation: None,
        };
        let facts = Facts { electors, measures };
        let plan = Command::Plan { seats: new.seats, planned_on: new.planned_on };
        let election = decide(&election, &plan, &facts, today).map_err(StoreError::Rules)?;
        let id = ElectionId(write.new_id());
        let sealed = self.ring.seal(&serde_json::to_vec(&election)?, place(write.root, id).as_bytes())?;
        sqlx::query(
            "INSERT INTO election (root_org, id, version, org_id, kind, state, planned_on, held_on, created_at, sealed) \
             VALUES ($1,$2,1,$3,$4,$5,$6,NULL,$7,$8)",
        )
        .bind(write.root.0)
        .bind(id.0)
        .bind(org.id.0)
        .bind(election.kind.key())
        .bind(election.state.key())
        .bind(day_number(election.planned_on))
        .bind(now_ms())
        .bind(sealed)
        .execute(&mut *write.tx)
        .await?;
        write.describe(Subject::of("election", id.0), "", format!("「{}」发起{}", org.name, election.kind.name()));
        write.commit().await?;
        Ok(id)
    }

    /// Does something with an election, if the rules allow it on the present state of things. Returns the election as it then stands.
    pub async fn decide_election(
        &self,
        author: impl Into<Author>,
        (id, version): (ElectionId, i64),
        command: &Command,
        today: Date,
    ) -> Result<Election, StoreError> {
        let mut write = self.begin(author, action_of(command)).await?;
        let measures = self.measures(write.root, today).await?;
        let statement = format!("SELECT {COLUMNS}, e.sealed FROM {TABLES} WHERE e.root_org = $1 AND e.id = $2");
        let row =
            sqlx::query(AssertSqlSafe(statement)).bind(write.root.0).bind(id.0).fetch_optional(&mut *write.tx).await?;
        let (head, election) = self.opened(write.root, row)?;
        let org = write.standing_org(head.org).await?;
        let on = match command {
            Command::Hold { on, .. } => (*on).min(today),
            _ => election.assembly.as_ref().map_or(today, |assembly| assembly.on),
        };
        let facts = Facts { electors: electors(&mut write.tx, write.root, &org.path, on).await?, measures };
        let next = decide(&election, command, &facts, today).map_err(StoreError::Rules)?;
        write.take_version(Versioned::Election, id.0, version).await?;
        let sealed = self.ring.seal(&serde_json::to_vec(&next)?, place(write.root, id).as_bytes())?;
        sqlx::query("UPDATE election SET state = $3, planned_on = $4, held_on = $5, sealed = $6 WHERE root_org = $1 AND id = $2")
            .bind(write.root.0)
            .bind(id.0)
            .bind(next.state.key())
            .bind(day_number(next.planned_on))
            .bind(next.assembly.as_ref().map(|assembly| day_number(assembly.on)))
            .bind(sealed)
            .execute(&mut *write.tx)
            .await?;
        write.follow(&org, id, &next, command).await?;
        let reason = match command {
            Command::Return(reason) | Command::Settle(reason) | Command::Cancel(reason) => reason.as_str(),
            _ => "",
        };
        let summary = format!("「{}」{}：{}", org.name, next.kind.name(), next.state.name());
        write.describe(Subject::of("election", id.0), reason, summary);
        write.commit().await?;
        Ok(next)
    }
}

fn action_of(command: &Command) -> &'static str {
    match command {
        Command::Plan { .. } => "election.plan",
        Command::Nominate { .. } => "election.nominate",
        Command::Request(_) => "election.request",
        Command::Approve(_) => "election.approve",
        Command::Return(_) => "election.return",
        Command::Hold { .. } => "election.hold",
        Command::Tally { .. } => "election.tally",
        Command::Settle(_) => "election.settle",
        Command::Assign(_) => "election.assign",
        Command::Report(_) => "election.report",
        Command::Confirm(_) => "election.confirm",
        Command::Cancel(_) => "election.cancel",
    }
}

impl Write<'_> {
    /// What a command brings about outside the election itself: records, and in the end posts and term.
    async fn follow(
        &mut self,
        org: &Org,
        id: ElectionId,
        election: &Election,
        command: &Command,
    ) -> Result<(), StoreError> {
        let source = Subject::of("election", id.0);
        let record =
            |activity, on| NewRecord { org: org.id, person: None, activity, on, outcome: None, until: None, source };
        match command {
            Command::Request(act) => {
                self.record(record(Activity::ReElectionRequest, act.on)).await?;
            }
            Command::Report(act) => {
                self.record(record(Activity::ElectionReport, act.on)).await?;
            }
            Command::Cancel(_) => {
                self.withdraw_records(source).await?;
            }
            Command::Confirm(_) => {
                let on = election.assembly.as_ref().map_or(election.planned_on, |assembly| assembly.on);
                let activity = match election.kind {
                    ElectionKind::ReElection => Activity::ReElection,
                    ElectionKind::ByElection => Activity::VacancyFilling,
                };
                self.record(record(activity, on)).await?;
                if election.kind == ElectionKind::ReElection {
                    self.end_committee(org.id, on).await?;
                    self.begin_term(org, on).await?;
                }
                for one in &election.posts {
                    self.insert_post(org.id, one.person, one.post, on, None).await?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The old committee ends on the day the new one is elected.
    async fn end_committee(&mut self, org: OrgId, on: Date) -> Result<(), StoreError> {
        for post in self.open_posts(org).await? {
            if post.1.on_committee() {
                self.close_post(post.0, post.2, (org, post.1), on).await?;
            }
        }
        Ok(())
    }

    /// A new term begins with the election.
    async fn begin_term(&mut self, org: &Org, on: Date) -> Result<(), StoreError> {
        if let Some((from, years)) = org.term_from.zip(org.term_years).filter(|(from, _)| *from < on) {
            self.keep_term(org.id, from, years).await?;
        }
        sqlx::query("UPDATE org SET term_from = $3, version = version + 1 WHERE root_org = $1 AND id = $2")
            .bind(self.root.0)
            .bind(org.id.0)
            .bind(day_number(on))
            .execute(&mut *self.tx)
            .await?;
        let body = serde_json::json!({ "term_from": on });
        self.note(Subject::of("org", org.id.0), &body).await
    }
}
