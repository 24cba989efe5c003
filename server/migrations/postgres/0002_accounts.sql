-- People who sign in. The account's id comes first in every key, except in `email`: which account an address belongs to is
-- the one thing that is looked up before the account is known. It is claimed in a transaction of its own.

-- Set when the account was erased; then this row is all that is left of it, so that its devices can be told.
ALTER TABLE account_head ADD COLUMN IF NOT EXISTS erased_at BIGINT;

CREATE TABLE IF NOT EXISTS email (
    -- SHA-256 of the address in lower case.
    email_key BYTEA NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL,
    claimed_at BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS account (
    account_id UUID NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    -- As argon2 writes it, its parameters and salt inside.
    password_hash TEXT NOT NULL,
    -- SHA-256 of the recovery code, which is random enough for that.
    recovery_hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- A device that is signed in.
CREATE TABLE IF NOT EXISTS session (
    account_id UUID NOT NULL,
    session_id UUID NOT NULL,
    device_id TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    -- The refresh token's number in its family, the hash of its secret, and what its successor is made with.
    generation BIGINT NOT NULL,
    secret_hash BYTEA NOT NULL,
    salt BYTEA NOT NULL,
    -- When the last generations were made, in milliseconds since 1970, oldest first, as a JSON list.
    rotations TEXT NOT NULL,
    PRIMARY KEY (account_id, session_id)
);
