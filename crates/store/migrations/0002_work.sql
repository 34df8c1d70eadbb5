-- The work: records of what was done, and what an enterprise sets for itself. One text for SQLite and PostgreSQL.

-- What was done (办理记录): one row for every activity that an archived meeting, a step of a case, a payment … fulfils. Written by the
-- same command as its source; org_id is where it was done, person_id whom it concerns, when it concerns one person.
CREATE TABLE record (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    person_id BIGINT,
    activity TEXT NOT NULL,
    on_day BIGINT NOT NULL,
    outcome TEXT,
    until_day BIGINT,
    source_kind TEXT NOT NULL,
    source_id BIGINT NOT NULL,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX record_by_org ON record (root_org, org_id, on_day);
CREATE INDEX record_by_person ON record (root_org, person_id, on_day);
CREATE INDEX record_by_source ON record (root_org, source_kind, source_id);

-- Documents that belong to an organisation or to its meetings, elections, templates. Name and content are sealed under the key ring.
CREATE TABLE paper (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    owner_kind TEXT NOT NULL,
    owner_id BIGINT NOT NULL,
    name {bytes} NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    added_by TEXT NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX paper_by_owner ON paper (root_org, owner_kind, owner_id);

-- Numbers of the regulations that the enterprise made stricter (rules::measure).
CREATE TABLE measure (
    root_org BIGINT NOT NULL,
    key TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (root_org, key)
);
