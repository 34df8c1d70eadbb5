//! One account for every role, to look around with.

use super::place_of;
use super::posts::{Holder, Staff};
use rules::access::Role;
use rules::ids::{OrgId, PersonId};
use rules::org::PostKind;
use store::{Author, LoadPost, NewAccount, Org, Store, StoreError};

/// Opens the accounts. Secretary and member are bound to persons of one branch; a population without any has neither.
pub(super) async fn open(
    store: &Store,
    orgs: &[Org],
    posts: &[LoadPost],
    staff: &Staff,
    password_hash: &str,
) -> Result<Vec<(&'static str, String)>, StoreError> {
    let (Some(top), Some(root)) = (orgs.first(), store.enterprises().await?.first().map(|found| found.root)) else {
        return Ok(Vec::new());
    };
    let leads = |post: &&LoadPost| {
        let branch = place_of(orgs, post.org).is_some_and(|org| org.kind.is_branch());
        branch && post.post == PostKind::Secretary && post.to.is_none() && staff.of(post.org).len() > 1
    };
    let mut accounts: Vec<(&'static str, Role, OrgId, Option<&Holder>)> =
        vec![("staff", Role::PartyStaff, top.id, None)];
    if let Some(lead) = posts.iter().find(leads) {
        let holder = |is_lead: bool| staff.of(lead.org).iter().find(|holder| (holder.person == lead.person) == is_lead);
        accounts.push(("secretary", Role::Secretary, lead.org, holder(true)));
        accounts.push(("member", Role::Member, lead.org, holder(false)));
    }
    accounts.extend([
        ("supervisor", Role::Supervisor, top.id, None),
        ("sysadmin", Role::SystemAdmin, top.id, None),
        ("secadmin", Role::SecurityAdmin, top.id, None),
        ("auditor", Role::Auditor, top.id, None),
    ]);
    let mut logins = Vec::new();
    for (login, role, org, holder) in accounts {
        let person: Option<PersonId> = holder.map(|holder| holder.person);
        let new = NewAccount {
            login: login.to_owned(),
            display_name: holder.map_or_else(|| format!("演示{}", role.name()), |holder| holder.name.clone()),
            person,
            password_hash: password_hash.to_owned(),
            must_change_password: false,
        };
        store.create_account(Author::system(root), &new, &[(role, org)]).await?;
        let place = place_of(orgs, org).map_or("", |org| org.name.as_str());
        logins.push((login, format!("{}（{place}）", role.name())));
    }
    Ok(logins)
}
