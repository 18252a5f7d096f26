-- The working tables of one tick: private to a connection, emptied at every commit.
-- Stages meet in them as they meet in the tables of schema.sql; nothing here survives a crash.

-- The events of this tick: each acting for the first time, each with its customer.
create temporary table if not exists tick_event (
    event_id bigint not null,
    occurred_at timestamptz not null,
    received_at timestamptz not null,
    type event_type not null,
    name text not null,
    message_id text not null,
    customer_id bigint,
    user_id text,
    anonymous_id text,
    order_id text,
    revenue numeric,
    properties jsonb not null,
    traits jsonb not null,
    contacts jsonb not null,
    consents jsonb not null,
    -- True for a message id that must never act again, however late it returns.
    keep_for_ever boolean not null
) on commit delete rows;

-- Enrollments being moved, hop by hop; hop counts the steps taken in this tick.
create temporary table if not exists moving (
    enrollment_id bigint not null,
    workspace_id integer not null,
    journey_id integer not null,
    version_id integer not null,
    customer_id bigint not null,
    entered_at timestamptz not null,
    step_number integer not null,
    planned integer not null,
    hop integer not null
) on commit delete rows;

-- Where each of them came to rest.
create temporary table if not exists rested (
    enrollment_id bigint not null,
    state enrollment_state not null,
    step_number integer not null,
    planned integer not null,
    wake_at timestamptz,
    end_reason end_reason,
    parked_because text
) on commit delete rows;

-- The messages the guard looks at now, and the first rule that settled each.
create temporary table if not exists candidate (
    message_id bigint not null,
    customer_id bigint not null,
    channel channel not null,
    purpose purpose not null,
    journey_id integer not null,
    planned_at timestamptz not null,
    expires_at timestamptz not null,
    evaluation integer not null,
    verdict verdict,
    reason decision_reason,
    hold_until timestamptz
) on commit delete rows;

-- Today's members of one segment, as the lake sees them.
create temporary table if not exists found_member (
    customer_id bigint not null
) on commit delete rows;
