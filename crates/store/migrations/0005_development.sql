-- 发展党员: cases, their steps and papers. A case belongs to a person and is where the person is; what is filled in is sealed under the
-- person's key. step is the step to be done next (0 when there is none), last_day the day of the last one, known_step the last step that
-- the register showed to be done when the case was opened.

CREATE TABLE development_case (
    root_org BIGINT NOT NULL,
    id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    step BIGINT NOT NULL,
    known_step BIGINT,
    applied_day BIGINT NOT NULL,
    last_day BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    opened_by TEXT NOT NULL,
    end_kind TEXT,
    end_day BIGINT,
    end_by TEXT,
    end_reason {bytes},
    PRIMARY KEY (root_org, id)
);
CREATE INDEX development_case_by_person ON development_case (root_org, person_id);
CREATE INDEX development_case_by_state ON development_case (root_org, state, last_day, id);
-- One case under way for a person (DEV-30).
CREATE UNIQUE INDEX development_case_under_way ON development_case (root_org, person_id) WHERE state IN ('open', 'suspended');

-- A taking of a step: n counts them within the case, times those of the same step.
CREATE TABLE case_step (
    root_org BIGINT NOT NULL,
    case_id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    step BIGINT NOT NULL,
    times BIGINT NOT NULL,
    org_id BIGINT NOT NULL,
    on_day BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    until_day BIGINT,
    record_id BIGINT NOT NULL,
    done_by TEXT NOT NULL,
    done_at BIGINT NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (root_org, case_id, n)
);

-- A file of the person put to a taking of a step, as one of its papers. After the step was taken back it waits for the next taking.
CREATE TABLE case_paper (
    root_org BIGINT NOT NULL,
    case_id BIGINT NOT NULL,
    file_id BIGINT NOT NULL,
    step BIGINT NOT NULL,
    times BIGINT NOT NULL,
    paper TEXT NOT NULL,
    PRIMARY KEY (root_org, case_id, file_id)
);

-- Who guides (mentor) or vouches for (sponsor) the person, by the taking of the step that named them.
CREATE TABLE case_person (
    root_org BIGINT NOT NULL,
    case_id BIGINT NOT NULL,
    n BIGINT NOT NULL,
    role TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    PRIMARY KEY (root_org, case_id, n, role, person_id)
);
CREATE INDEX case_person_by_person ON case_person (root_org, person_id);
