-- Meetings (组织生活). What may hold personal matters (titles, notes, reasons) is sealed: under the key ring for the meeting, under the
-- person's own key for attendance.

CREATE TABLE meeting (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    activities TEXT NOT NULL,
    on_day BIGINT NOT NULL,
    at_minute BIGINT,
    host_id BIGINT,
    recorder_id BIGINT,
    remote BIGINT NOT NULL,
    learning_tenths BIGINT NOT NULL,
    noticed_on BIGINT,
    from_minute BIGINT,
    to_minute BIGINT,
    late BIGINT NOT NULL,
    no_resolution BIGINT NOT NULL,
    confirmed_on BIGINT,
    by_host BIGINT,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX meeting_by_org ON meeting (root_org, org_id, on_day);
CREATE INDEX meeting_by_day ON meeting (root_org, on_day, id);

CREATE TABLE attendance (
    root_org BIGINT NOT NULL,
    meeting_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    part TEXT NOT NULL,
    votes BIGINT NOT NULL,
    state TEXT NOT NULL,
    how TEXT,
    at BIGINT,
    sealed {bytes},
    PRIMARY KEY (root_org, meeting_id, person_id)
) {narrow};
CREATE INDEX attendance_by_person ON attendance (root_org, person_id, meeting_id);

CREATE TABLE meeting_item (
    root_org BIGINT NOT NULL,
    meeting_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    activity TEXT,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (root_org, meeting_id, id)
);

-- relied_on: a step of a case or an election rests on it.
CREATE TABLE resolution (
    root_org BIGINT NOT NULL,
    meeting_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject_kind TEXT,
    subject_id BIGINT,
    written BIGINT NOT NULL,
    in_favour BIGINT NOT NULL,
    against BIGINT NOT NULL,
    abstained BIGINT NOT NULL,
    relied_on BIGINT NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (root_org, meeting_id, id)
);
CREATE INDEX resolution_by_id ON resolution (root_org, id);
CREATE INDEX resolution_by_subject ON resolution (root_org, subject_kind, subject_id);

-- Hours of learning, in tenths, by what gave them: a meeting or a training.
CREATE TABLE learning (
    root_org BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    on_day BIGINT NOT NULL,
    source_kind TEXT NOT NULL,
    source_id BIGINT NOT NULL,
    tenths BIGINT NOT NULL,
    PRIMARY KEY (root_org, person_id, on_day, source_kind, source_id)
) {narrow};
CREATE INDEX learning_by_source ON learning (root_org, source_kind, source_id);

CREATE TABLE training (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    tenths BIGINT NOT NULL,
    persons BIGINT NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX training_by_org ON training (root_org, org_id, id);

-- For how long nothing is asked of a member (MEET-11), or a member has no vote (VOTE-03), and on what ground (sealed).
CREATE TABLE member_status (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (root_org, id)
);
CREATE INDEX member_status_by_person ON member_status (root_org, person_id, to_day);
