-- One schema for PostgreSQL and for engines that speak its language over many machines. Each statement is a transaction of
-- its own and may be run again. No sequence, trigger, foreign key or extension; plain types only.
-- The account's id comes first in every key: one account is one unit of sharding, locking and counting.
-- Moments are milliseconds since 1970, versions come from account_head.

CREATE TABLE IF NOT EXISTS meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- One row per account, locked by every change: commit order is version order.
CREATE TABLE IF NOT EXISTS account_head (
    account_id UUID NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    user_numbers BIGINT NOT NULL,
    first_received_at BIGINT,
    received_at BIGINT NOT NULL,
    -- Deletions up to this version may have been forgotten.
    horizon BIGINT NOT NULL
);

-- Version ranges that a restore from a backup has lost.
CREATE TABLE IF NOT EXISTS lost_range (
    account_id UUID NOT NULL,
    from_version BIGINT NOT NULL,
    to_version BIGINT NOT NULL,
    PRIMARY KEY (account_id, from_version)
);

CREATE TABLE IF NOT EXISTS metric (
    account_id UUID NOT NULL,
    id UUID NOT NULL,
    user_id UUID NOT NULL,
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
CREATE UNIQUE INDEX IF NOT EXISTS metric_version ON metric (account_id, version);
CREATE INDEX IF NOT EXISTS metric_received ON metric (account_id, received_at);

CREATE TABLE IF NOT EXISTS app_user (
    account_id UUID NOT NULL,
    id UUID NOT NULL,
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
CREATE UNIQUE INDEX IF NOT EXISTS app_user_number ON app_user (account_id, number);
CREATE UNIQUE INDEX IF NOT EXISTS app_user_version ON app_user (account_id, version);
CREATE INDEX IF NOT EXISTS app_user_received ON app_user (account_id, received_at);

-- The row as it travels and the stamps of its fields, both as JSON.
CREATE TABLE IF NOT EXISTS app_model (
    account_id UUID NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    model TEXT NOT NULL,
    stamps TEXT NOT NULL
);

-- Operations that took effect; kept for good.
CREATE TABLE IF NOT EXISTS op (
    account_id UUID NOT NULL,
    op_key UUID NOT NULL,
    payload_hash UUID NOT NULL,
    entity_id UUID NOT NULL,
    status TEXT NOT NULL,
    conflict BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (account_id, op_key)
);

-- Values that were replaced; entry_no counts within the metric.
CREATE TABLE IF NOT EXISTS metric_history (
    account_id UUID NOT NULL,
    metric_id UUID NOT NULL,
    entry_no BIGINT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    device TEXT,
    reason TEXT NOT NULL,
    field_values TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, metric_id, entry_no)
);

CREATE TABLE IF NOT EXISTS device (
    account_id UUID NOT NULL,
    device_id TEXT COLLATE "C" NOT NULL,
    name TEXT,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    acknowledged_version BIGINT NOT NULL,
    PRIMARY KEY (account_id, device_id)
);
