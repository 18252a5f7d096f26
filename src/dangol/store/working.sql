-- The working tables of one tick: private to a connection, and of use within one transaction only.
-- Stages meet in them as they meet in the tables of schema.sql; nothing here survives a crash.
-- Each table that empties itself makes every commit dearer, used or not: only the two that every
-- tick fills do. Whoever fills another empties it first (store.connect.empty_working).
-- PostgreSQL has no statistics about them. Each column they are joined by has an index, so that a
-- nested loop chosen in ignorance still takes time in proportion to the rows.

-- What the tick has read from the inbox, before it knows which events act and whose they are.
create temporary table if not exists arrival (
    event_id bigint not null,
    written_by xid8 not null,
    occurred_at timestamptz not null,
    received_at timestamptz not null,
    type event_type not null,
    name text not null,
    message_id text not null,
    -- Set where one of our own stages wrote the event.
    customer_id bigint,
    -- The identifier that decides whose it is: the strongest that came with it.
    kind identifier_kind,
    key text,
    user_id text,
    anonymous_id text,
    order_id text,
    revenue numeric,
    currency text,
    product_id text,
    category text,
    quantity numeric,
    properties jsonb not null,
    traits jsonb not null,
    contacts jsonb not null,
    consents jsonb not null
) on commit delete rows;

create index if not exists arrival_by_event on arrival (event_id);
-- By hash, since what comes from outside may be longer than a sorted index takes.
create index if not exists arrival_by_message on arrival using hash (message_id);
create index if not exists arrival_by_key on arrival using hash (key);
create index if not exists arrival_by_user on arrival using hash (user_id);
create index if not exists arrival_by_anonymous on arrival using hash (anonymous_id);

-- What this batch says about collecting, once for every name its speaker has: inside the batch, a
-- word counts from the event on that carries it.
create temporary table if not exists spoken (
    subject text not null,
    written_by xid8 not null,
    event_id bigint not null,
    purpose_name text not null,
    said_at timestamptz not null,
    granted boolean not null,
    -- Said now, by the customer: it may outvote an earlier no.
    firm boolean not null
);

create index if not exists spoken_by_subject on spoken using hash (subject);

-- What must not be kept: an event, or one of its traits, and for which purpose consent is missing.
create temporary table if not exists withheld (
    event_id bigint not null,
    -- Empty for the event itself.
    trait text not null,
    purpose_name text not null,
    without_consent without_consent not null,
    -- It brings a consent, which is kept whatever becomes of the rest.
    carries boolean not null
);

create index if not exists withheld_by_event on withheld (event_id);

-- The events of this tick: each acting for the first time, each with its customer.
create temporary table if not exists tick_event (
    event_id bigint not null,
    occurred_at timestamptz not null,
    received_at timestamptz not null,
    type event_type not null,
    name text not null,
    message_id text not null,
    -- Whom every stage works with: a head. The event's facts are its part's, mostly the same.
    customer_id bigint,
    part_id bigint,
    user_id text,
    anonymous_id text,
    order_id text,
    revenue numeric,
    currency text,
    product_id text,
    category text,
    quantity numeric,
    properties jsonb not null,
    traits jsonb not null,
    contacts jsonb not null,
    consents jsonb not null,
    -- True for a message id that must never act again, however late it returns.
    keep_for_ever boolean not null
) on commit delete rows;

create index if not exists tick_event_by_customer on tick_event (customer_id);
create index if not exists tick_event_by_name on tick_event (name);

-- The contacts of this tick that are new to their parts, sealed under the parts' own keys.
create temporary table if not exists tick_contact (
    customer_id bigint not null,
    kind identifier_kind not null,
    key text not null,
    sealed bytea not null
);

create index if not exists tick_contact_by_customer on tick_contact (customer_id);

-- The devices of this tick that are new, have a new token or are another's now; the tokens sealed.
create temporary table if not exists tick_device (
    customer_id bigint not null,
    key text not null,
    platform device_platform not null,
    token_key text not null,
    sealed bytea not null,
    registered_at timestamptz not null
);

-- Which weaker identifiers came beside which stronger ones in this tick.
create temporary table if not exists evidence (
    from_kind identifier_kind not null,
    from_key text not null,
    to_kind identifier_kind not null,
    to_key text not null,
    source link_source not null,
    occurred_at timestamptz not null
);

-- The identifiers whose person may have changed.
create temporary table if not exists touched (
    kind identifier_kind not null,
    key text not null,
    primary key (kind, key)
);

-- Whom they lead to now, since when, and what says so.
create temporary table if not exists placed (
    kind identifier_kind not null,
    key text not null,
    head_id bigint,
    joined_at timestamptz,
    source link_source,
    primary key (kind, key)
);

-- The people who go from one head to another; who is nobody's part is their own head.
create temporary table if not exists person_move (
    person_id bigint primary key,
    from_id bigint not null,
    to_id bigint not null,
    joined_at timestamptz,
    kind identifier_kind not null,
    source link_source
);

-- What goes with them.
create temporary table if not exists crossing (
    what text not null,
    id bigint not null,
    person_id bigint not null,
    to_id bigint not null
);

create index if not exists crossing_by_id on crossing (what, id);

-- The heads whose parts have changed, and that must be combined anew.
create temporary table if not exists changed_head (
    head_id bigint primary key
);

-- What this tick's events say about consent; a claim with a fault is parked, not recorded.
create temporary table if not exists consent_claim (
    event_id bigint not null,
    customer_id bigint not null,
    position bigint not null,
    channel text,
    purpose text,
    collection text,
    action text,
    imported_state text,
    source text,
    source_kind text,
    actor text not null,
    wording text not null,
    wording_version text not null,
    locale text not null,
    box_preticked boolean,
    occurred_at timestamptz not null,
    client_at timestamptz,
    proof_token text not null,
    proven_at timestamptz,
    fault text
);

-- Who may enter a journey in this tick, before conditions and limits.
create temporary table if not exists entrant (
    journey_id integer not null,
    version_id integer not null,
    customer_id bigint not null,
    entry_key text not null,
    occurred_at timestamptz not null,
    -- Orders what occurred at the same moment.
    event_id bigint not null,
    properties jsonb,
    -- Why their entry cannot be judged: they are set aside instead of entering.
    parked_because text
);

create index if not exists entrant_by_version on entrant (version_id, customer_id);

-- Which condition is asked for which place in which version: number 0 is the entry, -1 the exit,
-- others are steps; position is that of a branch's way. Equal conditions are one question.
create temporary table if not exists question (
    question integer not null,
    version_id integer not null,
    number integer not null,
    position integer not null,
    -- Set where nobody could answer it.
    fault text,
    primary key (version_id, number, position)
);

-- For whom it holds.
create temporary table if not exists answer (
    question integer not null,
    customer_id bigint not null,
    primary key (question, customer_id)
);

-- The same about filters and this tick's events; number -1 is the goal.
create temporary table if not exists event_question (
    question integer not null,
    version_id integer not null,
    number integer not null,
    fault text,
    primary key (version_id, number)
);

create temporary table if not exists event_answer (
    question integer not null,
    event_id bigint not null,
    primary key (question, event_id)
);

-- Enrollments being moved, hop by hop; hop counts the steps taken in this tick. No index: a hop is
-- written and read once, as a whole.
create temporary table if not exists moving (
    -- What every statement looks for stands first, where it is read fastest.
    hop integer not null,
    version_id integer not null,
    step_number integer not null,
    enrollment_id bigint not null,
    customer_id bigint not null,
    entered_at timestamptz not null,
    journey_id integer not null,
    planned integer not null,
    -- The time limit of the wait they are at has passed.
    is_late boolean not null,
    -- The steps they have been at in this tick, by journey_step.id, without the one they are at.
    trail integer[] not null
);

-- Where each of them came to rest.
create temporary table if not exists rested (
    enrollment_id bigint not null,
    state enrollment_state not null,
    step_number integer not null,
    planned integer not null,
    trail integer[] not null,
    wake_at timestamptz,
    waits_since timestamptz,
    end_reason end_reason,
    parked_because text
);

-- The messages the guard looks at now, each once, and what the rules ask about them. No index: all
-- of them are read, and an index over a million costs as much as two rules.
create temporary table if not exists candidate (
    message_id bigint not null,
    enrollment_id bigint not null,
    journey_id integer not null,
    version_id integer not null,
    customer_id bigint not null,
    template_id integer not null,
    channel channel not null,
    purpose purpose not null,
    planned_at timestamptz not null,
    expires_at timestamptz not null,
    -- How far down a ladder it stands.
    rung integer not null default 0,
    -- Set at the hand-off: the guard has allowed it before, and the cap already counts it.
    allowed_at timestamptz,
    evaluation integer not null,
    -- The customer: whether erased, under which law pack, and by whose clocks they live.
    erased boolean not null,
    law text not null,
    zone text not null,
    -- What they have said about such messages on this channel; null where nothing.
    consent_state consent_state,
    -- Whether they agreed to the night, too, and when they last confirmed.
    night boolean not null default false,
    confirmed_at timestamptz,
    -- Of the template.
    topic_id integer,
    similar_goods boolean not null default false,
    last_chance boolean not null default false,
    -- Which message wins over which.
    priority integer not null default 0,
    expected_value numeric not null default 0
);

-- What a rule has against a candidate; rules are numbered in their order.
create temporary table if not exists objection (
    rule integer not null,
    message_id bigint not null,
    verdict verdict not null,
    reason decision_reason not null,
    hold_until timestamptz
);

-- What that comes to: the verdict of the first rule that spoke, and the reasons of all, in their
-- order. A candidate without a ruling is allowed.
create temporary table if not exists ruling (
    message_id bigint not null,
    verdict verdict not null,
    reasons decision_reason[] not null,
    hold_until timestamptz
);

-- The candidates' customers for whom advertising may have to compete.
create temporary table if not exists crowded (
    customer_id bigint primary key
);

-- Their advertising, the better first: the one place that says which message is the better one.
create temporary table if not exists competitor (
    message_id bigint not null,
    place bigint not null
);

-- Who is to be let into a segment that is refreshed, and who is to be let go.
create temporary table if not exists member_change (
    segment_id integer not null,
    customer_id bigint not null,
    enters boolean not null
);

-- About whom conditions are asked in the tick.
create temporary table if not exists asked_customer (
    customer_id bigint not null
);
