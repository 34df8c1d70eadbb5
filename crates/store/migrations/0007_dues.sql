-- 党费. What a member pays by, what is due and what was paid are sealed under the member's key: they tell the income. Sums of a branch's
-- month stand in the clear, for superiors. Months are yyyymm, amounts are in fen.

CREATE TABLE dues_base (
    root_org BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    from_month BIGINT NOT NULL,
    sealed {bytes} NOT NULL,
    set_at BIGINT NOT NULL,
    set_by TEXT NOT NULL,
    PRIMARY KEY (root_org, person_id, from_month)
);

-- 少交、免交. The amount and the reasons are sealed.
CREATE TABLE dues_reduction (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    from_month BIGINT NOT NULL,
    to_month BIGINT NOT NULL,
    state TEXT NOT NULL,
    sealed {bytes} NOT NULL,
    asked_at BIGINT NOT NULL,
    asked_by TEXT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX dues_reduction_by_person ON dues_reduction (root_org, person_id);
CREATE INDEX dues_reduction_by_org ON dues_reduction (root_org, org_id, id);

-- One branch's month: 应交清单.
CREATE TABLE dues_statement (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    month BIGINT NOT NULL,
    generated_at BIGINT NOT NULL,
    generated_by TEXT NOT NULL,
    people BIGINT NOT NULL,
    open_lines BIGINT NOT NULL,
    due BIGINT NOT NULL,
    paid BIGINT NOT NULL,
    voluntary BIGINT NOT NULL,
    handed BIGINT NOT NULL,
    handed_on BIGINT,
    settled_on BIGINT,
    PRIMARY KEY (root_org, id)
);
CREATE UNIQUE INDEX dues_statement_by_month ON dues_statement (root_org, org_id, month);

CREATE TABLE dues_line (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    statement_id BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    month BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX dues_line_by_statement ON dues_line (root_org, statement_id);
CREATE INDEX dues_line_by_person ON dues_line (root_org, person_id, month);
CREATE INDEX dues_line_by_state ON dues_line (root_org, state, month);

-- One payment for one line; what was taken back stays, with the reason sealed.
CREATE TABLE dues_payment (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    line_id BIGINT NOT NULL,
    statement_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    paid_on BIGINT NOT NULL,
    way TEXT NOT NULL,
    sealed {bytes} NOT NULL,
    booked_at BIGINT NOT NULL,
    booked_by TEXT NOT NULL,
    handed_on BIGINT,
    taken_back_at BIGINT,
    taken_back_by TEXT,
    taken_back_reason {bytes},
    PRIMARY KEY (root_org, id)
);
CREATE INDEX dues_payment_by_line ON dues_payment (root_org, line_id);
CREATE INDEX dues_payment_by_statement ON dues_payment (root_org, statement_id);
