-- Duties: those of the enterprise's own, and those excused. One text for SQLite and PostgreSQL.

-- The day from which duties are asked for; without one, the first day of the year in which the enterprise was created.
ALTER TABLE enterprise ADD COLUMN started_on BIGINT;

-- Duties that the enterprise asks for beyond the regulations; kinds are the codes of organisations, separated by commas.
CREATE TABLE own_duty (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    period TEXT NOT NULL,
    times BIGINT NOT NULL,
    lead_days BIGINT NOT NULL,
    kinds TEXT NOT NULL,
    from_day BIGINT NOT NULL,
    until_day BIGINT,
    PRIMARY KEY (root_org, id)
);

-- What was done for them. The note is sealed under the key ring.
CREATE TABLE own_duty_done (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    duty_id BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    on_day BIGINT NOT NULL,
    note {bytes} NOT NULL,
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX own_duty_done_by_org ON own_duty_done (root_org, org_id, on_day);

-- Duties excused by a superior. Both reasons are sealed under the key ring.
CREATE TABLE duty_excuse (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    duty_key TEXT NOT NULL,
    rule TEXT NOT NULL,
    title TEXT NOT NULL,
    org_id BIGINT NOT NULL,
    person_id BIGINT,
    from_day BIGINT NOT NULL,
    due_day BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason {bytes} NOT NULL,
    requested_at BIGINT NOT NULL,
    requested_by TEXT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT,
    decision {bytes},
    PRIMARY KEY (root_org, id)
);
CREATE INDEX duty_excuse_by_org ON duty_excuse (root_org, org_id);
CREATE INDEX duty_excuse_by_person ON duty_excuse (root_org, person_id);
CREATE INDEX duty_excuse_by_key ON duty_excuse (root_org, duty_key);

-- Terms that came before the one an organisation is in.
CREATE TABLE org_term (
    root_org BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    years BIGINT NOT NULL,
    PRIMARY KEY (root_org, org_id, from_day)
);

-- The few who are out of contact or suspended are found without reading everybody.
CREATE INDEX person_by_membership ON person (root_org, membership);
