-- The account's id comes first in every key: one account is one unit of sharding, locking and counting.
-- Moments are milliseconds since 1970, ids are 16 bytes, versions come from account_head.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- One row per account, locked by every change: commit order is version order.
CREATE TABLE account_head (
    account_id BLOB NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    user_numbers BIGINT NOT NULL,
    first_received_at BIGINT,
    received_at BIGINT NOT NULL,
    -- Deletions up to this version may have been forgotten.
    horizon BIGINT NOT NULL
);

-- Version ranges that a restore from a backup has lost.
CREATE TABLE lost_range (
    account_id BLOB NOT NULL,
    from_version BIGINT NOT NULL,
    to_version BIGINT NOT NULL,
    PRIMARY KEY (account_id, from_version)
);

CREATE TABLE metric (
    account_id BLOB NOT NULL,
    id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    user_number BIGINT NOT NULL,
    weight_g BIGINT NOT NULL,
    height_mm BIGINT,
    bmi_hundredths BIGINT,
    note TEXT,
    created_at BIGINT NOT NULL,
    utc_offset BIGINT,
    updated_at BIGINT NOT NULL,
    updated_by TEXT,
    deleted_at BIGINT,
    version BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    stamps TEXT NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX metric_version ON metric (account_id, version);
CREATE INDEX metric_received ON metric (account_id, received_at);

CREATE TABLE app_user (
    account_id BLOB NOT NULL,
    id BLOB NOT NULL,
    number BIGINT NOT NULL,
    name TEXT,
    surname TEXT,
    gender TEXT,
    avatar TEXT,
    height_mm BIGINT,
    birth_date TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    version BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    stamps TEXT NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE UNIQUE INDEX app_user_number ON app_user (account_id, number);
CREATE UNIQUE INDEX app_user_version ON app_user (account_id, version);
CREATE INDEX app_user_received ON app_user (account_id, received_at);

-- The row as it travels and the stamps of its fields, both as JSON.
CREATE TABLE app_model (
    account_id BLOB NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    model TEXT NOT NULL,
    stamps TEXT NOT NULL
);

-- Operations that took effect; kept for good.
CREATE TABLE op (
    account_id BLOB NOT NULL,
    op_key BLOB NOT NULL,
    payload_hash BLOB NOT NULL,
    entity_id BLOB NOT NULL,
    status TEXT NOT NULL,
    conflict BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (account_id, op_key)
);

-- Values that were replaced; entry_no counts within the metric.
CREATE TABLE metric_history (
    account_id BLOB NOT NULL,
    metric_id BLOB NOT NULL,
    entry_no BIGINT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    device TEXT,
    reason TEXT NOT NULL,
    field_values TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, metric_id, entry_no)
);

CREATE TABLE device (
    account_id BLOB NOT NULL,
    device_id TEXT NOT NULL,
    name TEXT,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    acknowledged_version BIGINT NOT NULL,
    PRIMARY KEY (account_id, device_id)
);
