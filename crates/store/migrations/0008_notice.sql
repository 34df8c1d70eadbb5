-- 提醒预警: notices, their deliveries, what accounts wish, how things leave the house. One text for SQLite and PostgreSQL.

-- What an account is told. seq is the ledger entry that wrote it: the order in which it is pushed. Title, detail and line name nobody.
-- closed_at: what it was about has been done, so that it needs no reading any more.
CREATE TABLE notice (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    detail TEXT NOT NULL,
    line TEXT NOT NULL,
    link TEXT NOT NULL,
    rule TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    unread BIGINT NOT NULL,
    read_at BIGINT,
    closed_at BIGINT,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX notice_by_account ON notice (root_org, account_id, unread, id);
CREATE INDEX notice_by_seq ON notice (root_org, seq, id);

-- The reminders that a notice stands for. The key is what keeps anybody from being told one thing twice.
CREATE TABLE notice_cause (
    root_org BIGINT NOT NULL,
    cause TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    notice_id BIGINT NOT NULL,
    duty TEXT NOT NULL,
    due_day BIGINT NOT NULL,
    PRIMARY KEY (root_org, cause, account_id)
);
CREATE INDEX notice_cause_by_notice ON notice_cause (root_org, notice_id);

-- A message that leaves the house for an account by one way: a notice by itself or a digest of several. next_at: when it may be sent,
-- or, while it is being sent, when another instance may take it over.
CREATE TABLE delivery (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    way TEXT NOT NULL,
    digest BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    error TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX delivery_by_state ON delivery (root_org, state, next_at);
CREATE INDEX delivery_by_account ON delivery (root_org, account_id, state);

CREATE TABLE delivery_notice (
    root_org BIGINT NOT NULL,
    delivery_id BIGINT NOT NULL,
    notice_id BIGINT NOT NULL,
    PRIMARY KEY (root_org, delivery_id, notice_id)
);

-- What an account wishes. Hours are 0 to 23 in China's time, -1 for none; mail and webhook list kinds of notices. Addresses are sealed
-- under the key ring; a new one counts once its code has come back.
CREATE TABLE notice_wish (
    root_org BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    quiet_from BIGINT NOT NULL,
    quiet_to BIGINT NOT NULL,
    digest_hour BIGINT NOT NULL,
    mail TEXT NOT NULL,
    webhook TEXT NOT NULL,
    address {bytes},
    new_address {bytes},
    code_hash TEXT,
    code_until BIGINT,
    code_tries BIGINT NOT NULL,
    PRIMARY KEY (root_org, account_id)
);

-- Calendars at unguessable addresses: of what the account itself is to do, or of one organisation.
CREATE TABLE calendar_feed (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    token_hash TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    org_id BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (root_org, id)
);
CREATE UNIQUE INDEX calendar_feed_by_token ON calendar_feed (token_hash);
CREATE INDEX calendar_feed_by_account ON calendar_feed (root_org, account_id);

-- How things leave the house: the mail server, the enterprise's own messenger. The whole of it is sealed under the key ring.
CREATE TABLE notice_way (
    root_org BIGINT NOT NULL,
    way TEXT NOT NULL,
    version BIGINT NOT NULL,
    sealed {bytes} NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (root_org, way)
);

-- When the enterprise reminds, and the address under which its members open the pages.
CREATE TABLE notice_setting (
    root_org BIGINT NOT NULL PRIMARY KEY,
    soon_days BIGINT NOT NULL,
    escalate_days BIGINT NOT NULL,
    site TEXT NOT NULL
);

-- Work that one instance does at a time.
CREATE TABLE lease (
    root_org BIGINT NOT NULL,
    name TEXT NOT NULL,
    holder TEXT NOT NULL,
    until_at BIGINT NOT NULL,
    PRIMARY KEY (root_org, name)
);
