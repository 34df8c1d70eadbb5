-- Templates of organisations: a DOCX of their own that takes the place of a built-in template, there and below. The files lie in
-- table paper; each replacement adds a version. One text for SQLite and PostgreSQL.

CREATE TABLE template (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    base TEXT NOT NULL,
    withdrawn_at BIGINT,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX template_by_org ON template (root_org, org_id);

CREATE TABLE template_version (
    root_org BIGINT NOT NULL,
    template_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    paper_id BIGINT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (root_org, template_id, version)
);
