-- 换届选举 and 补选. The election itself, with the names in it, is sealed under the key ring; the columns are what lists need.
CREATE TABLE election (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    planned_on BIGINT NOT NULL,
    held_on BIGINT,
    created_at BIGINT NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX election_by_org ON election (root_org, org_id, id);
