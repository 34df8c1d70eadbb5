-- The register and the ledger. One text for SQLite and PostgreSQL: {bytes} and {narrow} are filled in per database.
-- Days are yyyymmdd; an open end is 99991231; instants are UTC milliseconds; codes are those of the rules crate.

CREATE TABLE enterprise (
    root_org BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE org (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    parent_id BIGINT,
    path TEXT NOT NULL,
    next_child BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    initials TEXT NOT NULL,
    unit_name TEXT,
    uscc TEXT,
    founded_on BIGINT,
    term_from BIGINT,
    term_years BIGINT,
    dissolved_on BIGINT,
    PRIMARY KEY (root_org, id)
);
CREATE UNIQUE INDEX org_by_code ON org (root_org, code);
CREATE UNIQUE INDEX org_by_path ON org (root_org, path);
CREATE INDEX org_by_name ON org (root_org, name);
CREATE INDEX org_by_parent ON org (root_org, parent_id);

-- Where an organisation stood and what it was called, from day to day.
CREATE TABLE org_spell (
    root_org BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    parent_id BIGINT,
    path TEXT NOT NULL,
    kind BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (root_org, org_id, from_day)
);
CREATE INDEX org_spell_by_path ON org_spell (root_org, path);

CREATE TABLE post (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    post BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX post_by_org ON post (root_org, org_id);
CREATE INDEX post_by_person ON post (root_org, person_id);

-- The four index columns are keyed digests (blind indexes): equal values are found, no value is shown.
CREATE TABLE person (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    person_key {bytes},
    sealed {bytes},
    identity_index TEXT,
    identity_tail TEXT,
    phone_index TEXT,
    phone_tail TEXT,
    name TEXT NOT NULL,
    initials TEXT NOT NULL,
    gender BIGINT NOT NULL,
    ethnicity BIGINT,
    born BIGINT,
    born_precision BIGINT,
    native_place TEXT,
    worked_on BIGINT,
    worked_precision BIGINT,
    applied_on BIGINT,
    applied_precision BIGINT,
    joined_on BIGINT,
    joined_precision BIGINT,
    full_on BIGINT,
    full_precision BIGINT,
    party_post TEXT,
    admin_post TEXT,
    title TEXT,
    frontline TEXT,
    membership BIGINT NOT NULL,
    mobile BIGINT NOT NULL,
    PRIMARY KEY (root_org, id)
);
CREATE UNIQUE INDEX person_by_identity ON person (root_org, identity_index);
CREATE INDEX person_by_identity_tail ON person (root_org, identity_tail);
CREATE INDEX person_by_phone ON person (root_org, phone_index);
CREATE INDEX person_by_phone_tail ON person (root_org, phone_tail);
CREATE INDEX person_by_name ON person (root_org, name);
CREATE INDEX person_by_initials ON person (root_org, initials);

-- A person's standing from day to day. gender, ethnicity, born, joined_on and full_on are copied from person by the same write,
-- so that counting reads this one narrow table.
CREATE TABLE spell (
    root_org BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    stage BIGINT NOT NULL,
    education BIGINT,
    degree BIGINT,
    title_level BIGINT,
    employment BIGINT,
    occupation BIGINT,
    gender BIGINT NOT NULL,
    ethnicity BIGINT,
    born BIGINT,
    joined_on BIGINT,
    full_on BIGINT,
    PRIMARY KEY (root_org, person_id, from_day)
) {narrow};
CREATE INDEX spell_by_org ON spell (root_org, org_id, to_day, stage);

CREATE TABLE transfer (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    from_org BIGINT NOT NULL,
    to_org BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    requested_by TEXT NOT NULL,
    requested_on BIGINT NOT NULL,
    due_on BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT,
    decision_reason TEXT,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX transfer_by_person ON transfer (root_org, person_id);
CREATE INDEX transfer_by_state ON transfer (root_org, state);

CREATE TABLE change_request (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    sealed {bytes} NOT NULL,
    proposed_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT,
    decision_reason TEXT,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX change_request_by_person ON change_request (root_org, person_id);
CREATE INDEX change_request_by_state ON change_request (root_org, state);

-- Name and content are sealed under the person's key.
CREATE TABLE file (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    name {bytes} NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX file_by_person ON file (root_org, person_id);

CREATE TABLE account (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    login TEXT NOT NULL,
    display_name TEXT NOT NULL,
    person_id BIGINT,
    password_hash TEXT NOT NULL,
    must_change_password BIGINT NOT NULL,
    totp {bytes},
    totp_confirmed BIGINT NOT NULL,
    totp_last_step BIGINT NOT NULL,
    disabled BIGINT NOT NULL,
    large_type BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_login_at BIGINT,
    PRIMARY KEY (root_org, id)
);
CREATE UNIQUE INDEX account_by_login ON account (login);
CREATE UNIQUE INDEX account_by_person ON account (root_org, person_id);

CREATE TABLE role_grant (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    org_id BIGINT NOT NULL,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX role_grant_by_account ON role_grant (root_org, account_id);

-- previous_hash is the token exchanged at rotated_at: requests that were under way with it still count for a moment.
CREATE TABLE session (
    root_org BIGINT NOT NULL,
    token_hash TEXT NOT NULL,
    previous_hash TEXT,
    account_id BIGINT NOT NULL,
    csrf TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    rotated_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (root_org, token_hash)
);
CREATE INDEX session_by_token ON session (token_hash);
CREATE INDEX session_by_previous ON session (previous_hash);
CREATE INDEX session_by_account ON session (root_org, account_id);

-- Attempts at a secret, by keyed digests of login names, addresses and identity numbers; free_at is when the next one is heard.
CREATE TABLE throttle (
    subject TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    free_at BIGINT NOT NULL
);

CREATE TABLE binding_code (
    root_org BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    code_hash TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (root_org, person_id)
);

-- Runs of imports from the web: not acts on the register, whose own entry stands in the ledger. The three bytes columns are sealed.
CREATE TABLE import_run (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    dry_run BIGINT NOT NULL,
    state TEXT NOT NULL,
    processed BIGINT NOT NULL,
    total BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    file_name {bytes} NOT NULL,
    report {bytes},
    rejected_rows {bytes},
    PRIMARY KEY (root_org, id)
);
CREATE INDEX import_run_by_account ON import_run (root_org, account_id, id);

CREATE TABLE saved_query (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX saved_query_by_account ON saved_query (root_org, account_id);

-- The ledger is the change feed too: seq has no gaps within an enterprise and follows the order of commits.
CREATE TABLE ledger (
    root_org BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    summary TEXT NOT NULL,
    items BIGINT NOT NULL,
    items_hash {bytes} NOT NULL,
    hash {bytes} NOT NULL,
    PRIMARY KEY (root_org, seq)
);
CREATE INDEX ledger_by_subject ON ledger (root_org, subject_kind, subject_id);

CREATE TABLE ledger_item (
    root_org BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    n BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    body {bytes} NOT NULL,
    PRIMARY KEY (root_org, seq, n)
);
CREATE INDEX ledger_item_by_subject ON ledger_item (root_org, subject_kind, subject_id);

-- The end of each chain, kept outside the chain and authenticated by the key ring.
CREATE TABLE ledger_head (
    root_org BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash {bytes} NOT NULL,
    mac {bytes} NOT NULL
);

-- The one-time link with which the three system administrators are set up.
CREATE TABLE setup (
    root_org BIGINT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL
);
