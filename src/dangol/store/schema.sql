-- The tables of Dangol, in the order a customer's day flows through them.
--
--   event -> customer, identifier, address, activity     what happened, and to whom
--   consent_entry -> consent                             what they allow
--   segment -> membership                                who belongs together now
--   journey -> enrollment -> message                     who is where, what is planned
--   decision                                             allow, hold until, skip because
--   delivery -> receipt, suppression                     handed over, and what became of it
--
-- Every row belongs to a workspace; every row about a person carries customer_id, so that each
-- table can be sharded by it. Times are timestamptz and come from the caller: no default reads
-- the server's clock, because a replay and a test move time by themselves.
-- Contact data (e-mail, phone, tokens) is sealed (AES-GCM-SIV), under its customer's own key where
-- it stays, and found by a keyed hash, here called its key. Pseudonyms that the shop gave (external
-- and anonymous ids) stay readable.

-- Vocabulary ------------------------------------------------------------------------------------
-- Mirrored by store/vocabulary.py; tests/architecture proves it.

create type channel as enum (
    'email', 'sms', 'kakao_alimtalk', 'kakao_brand', 'push', 'inapp'
);
-- ad_audience: to give the address, hashed, to an ad network; no message is for that.
create type purpose as enum ('marketing', 'informational', 'ad_audience');
create type member_role as enum ('owner', 'marketer', 'reader');
create type api_key_kind as enum ('browser', 'server');
-- What a write key may do; a browser key is public and may only track.
create type api_key_scope as enum (
    'track', 'import', 'feedback', 'customers:read', 'customers:write', 'segments:read',
    'segments:write', 'journeys:read', 'journeys:write', 'webhooks:read', 'webhooks:write',
    'audiences:read', 'audiences:write'
);
create type shop_platform as enum ('cafe24', 'shopify', 'imweb', 'generic');
create type event_type as enum ('track', 'identify', 'page', 'screen', 'group', 'alias');
create type customer_state as enum ('active', 'merged', 'erased');
-- push: a device's token. It is sealed like contact data and identifies nobody.
create type identifier_kind as enum ('external', 'anonymous', 'email', 'phone', 'push');
create type link_source as enum ('event', 'alias', 'manual');
create type address_state as enum ('reachable', 'bounced');
create type device_platform as enum ('android', 'ios', 'web');
create type device_state as enum ('active', 'suspected', 'uninstalled');
-- What JSON calls string, number, boolean, array and object.
create type value_kind as enum ('text', 'number', 'boolean', 'list', 'object');
-- Why a trait was not kept, or a name not counted.
create type surplus_reason as enum ('too_long', 'too_many_traits', 'too_many_names');
create type consent_action as enum (
    'grant', 'refuse', 'withdraw', 'import', 'renew', 'night_grant', 'night_withdraw',
    'notice_sent', 'reconfirm_sent'
);
-- Through what an entry of the ledger came to us.
create type consent_source as enum (
    'page', 'one_click', 'browser', 'server', 'import', 'shop', 'console', 'feedback',
    'kakao_channel', 'phone_call', 'engine'
);
create type consent_state as enum ('granted', 'refused', 'withdrawn');
create type suppression_reason as enum ('bounced', 'complained', 'unsubscribed', 'manual');
create type journey_state as enum ('draft', 'running', 'paused', 'stopped');
-- What opens a journey: an event, a segment's, a day of a trait, a schedule, or our own call.
create type entry_kind as enum (
    'event', 'segment_entered', 'segment_left', 'date', 'schedule', 'call'
);
-- By whose clocks local times are meant; the shop's also where a customer's zone is unknown.
create type zone_rule as enum ('customer', 'shop');
-- What becomes of those inside when a journey gets another version.
create type inside_policy as enum ('pin', 'follow', 'migrate');
create type step_kind as enum (
    'message', 'wait', 'check_event', 'exit', 'wait_for', 'branch', 'split', 'update', 'enter',
    'goal', 'webhook'
);
create type enrollment_state as enum ('active', 'waiting', 'ended', 'parked');
create type end_reason as enum ('completed', 'goal_met', 'exited', 'stopped', 'merged');
-- planned: the guard has not looked yet. held: it looks again at act_at. skipped: never.
-- allowed: a sender may take it from act_at on. handed: a delivery has it.
-- failed: no vendor took it.
create type message_state as enum ('planned', 'held', 'skipped', 'allowed', 'handed', 'failed');
create type verdict as enum ('allow', 'hold', 'skip');
create type decision_stage as enum ('planning', 'hand_off');
create type decision_reason as enum (
    'allowed',
    'suppressed',
    'erased',
    'no_address',
    'no_consent',
    'journey_paused',
    'journey_stopped',
    'already_converted',
    'just_bought',
    'over_cap',
    'quiet_hours',
    'expired',
    'merged',
    'renewal_overdue',
    'channel_forbidden',
    'night_law',
    'topic_refused',
    'snoozed',
    'sunset',
    'message_stopped',
    'holdout',
    'over_wish',
    'reduced',
    'attention_budget',
    'send_time',
    'template_unapproved',
    'already_arrived'
);
-- registered: nobody has looked at it yet. inspecting: Kakao does. stopped: blocked there, or
-- dormant because it was not used for a year. gone: the vendor no longer lists it. Only approved
-- ones go out.
create type template_state as enum (
    'registered', 'inspecting', 'approved', 'rejected', 'stopped', 'gone'
);
create type delivery_state as enum (
    'claimed', 'calling', 'accepted', 'rejected', 'retryable', 'unknown', 'released', 'retried'
);
create type receipt_kind as enum (
    'delivered', 'opened', 'clicked', 'replied', 'bounced', 'complained', 'unsubscribed'
);
-- How a Brand Message looks; whom it may reach (vendors spell these with letters of their own).
create type bubble_kind as enum ('text', 'image', 'wide', 'commerce');
create type targeting as enum (
    'friends', 'consented', 'consented_non_friends', 'consented_and_friends'
);
create type picture_kind as enum ('jpeg', 'png');
-- For what a vendor gets a picture: each has a place, and rules, of its own.
create type picture_use as enum ('mms', 'brand', 'brand_wide');
-- What somebody means who answers, by the rules of content/replies.py; never what they wrote.
create type reply_kind as enum ('question', 'thanks', 'complaint', 'other');
-- result: what became of a word about advertising. reminder: that a consent was once given.
create type notice_kind as enum ('result', 'reminder');
-- Why somebody stopped, in a word of a list: nobody can write about a person here.
create type exit_reason as enum (
    'too_many', 'not_relevant', 'never_asked', 'no_longer_needed', 'bad_experience', 'privacy',
    'other'
);
create type import_state as enum ('running', 'finished');
-- asked: nobody writes to them any more. cleared: their key and their rows are gone. done: their
-- events have left the lake.
create type erasure_state as enum ('asked', 'cleared', 'done', 'awaited');
-- What a shop's other software can hear of.
create type webhook_kind as enum (
    'message.sent',
    'message.failed',
    'message.skipped',
    'message.delivered',
    'message.opened',
    'message.clicked',
    'message.replied',
    'message.bounced',
    'message.complained',
    'message.unsubscribed',
    'consent.changed',
    'journey.entered',
    'journey.ended',
    'journey.converted',
    'journey.step',
    'test'
);
create type webhook_state as enum ('waiting', 'calling', 'delivered', 'failed', 'dropped');

-- Why data about a person may be kept, and what becomes of what comes without the consent it needs.
create type lawful_basis as enum ('contract', 'consent', 'legal_duty', 'legitimate_interest');
create type without_consent as enum ('drop', 'anonymous');
-- dropped: not kept at all. anonymous: counted by its name, without whose it was. emptied: only the
-- consent that came with it was kept. traits: a trait was taken out.
create type withheld_kind as enum ('dropped', 'anonymous', 'emptied', 'traits');

-- Through what somebody saw data about people.
create type access_by as enum ('member', 'key', 'command', 'customer');

-- Who runs it -----------------------------------------------------------------------------------

create table workspace (
    id integer generated always as identity primary key,
    name text not null unique,
    time_zone text not null,
    default_locale text not null check (default_locale in ('ko', 'en')),
    -- Where a telephone number without a country code is at home.
    country text not null default 'KR' check (country ~ '^[A-Z]{2}$'),
    sender_name text not null,
    sender_email text not null,
    -- The law wants a postal address and a phone number in every advertisement.
    sender_postal text not null,
    sender_phone text not null,
    -- The free number (080) by which advertising on the telephone can be refused; empty: none.
    opt_out_phone text not null default '',
    -- Local hours in which advertising waits; equal ends switch the rule off.
    quiet_from time not null,
    quiet_until time not null,
    -- At most this many advertising messages per customer and channel in this many days.
    cap_messages integer not null check (cap_messages > 0),
    cap_days integer not null check (cap_days > 0),
    -- At most so many advertising messages a day to one customer, over all channels.
    daily_messages integer not null default 3 check (daily_messages > 0),
    -- Advertising stops on a channel after so many messages in so many days that nobody reacted to.
    sunset_messages integer not null default 10 check (sunset_messages > 1),
    sunset_days integer not null default 90 check (sunset_days > 0),
    -- Who ignores every channel but still visits gets one advertising message in so many days.
    reduced_days integer not null default 14 check (reduced_days > 0),
    -- When it was last noted who has stopped reacting.
    silences_at timestamptz,
    -- How long advertising may wait for the hour at which a customer reacts; 0: it does not wait.
    send_time_hours integer not null default 0 check (send_time_hours between 0 and 24),
    -- When those hours were last noted.
    send_hours_at timestamptz,
    -- So many of a thousand customers never get advertising, so that its effect can be measured.
    holdout_permille integer not null default 0 check (holdout_permille between 0 and 1000),
    -- The share of a message's receivers who may opt out of it before it is stopped.
    opt_out_limit real not null default 0.01 check (opt_out_limit > 0 and opt_out_limit < 1),
    -- Whether buyers may hear of goods like theirs without having agreed, where the law lets them.
    similar_goods boolean not null default false,
    -- Whether people are told what the law wants them told about their consents; no, where another
    -- system of the shop does.
    consent_notices boolean not null default true,
    -- Whether what becomes of messages is written as events, too: see untold_outcome.
    message_events boolean not null default false,
    -- For how many days messages are kept, with their decisions, deliveries and receipts; null: for
    -- good. The law wants records of advertising kept six months (전자상거래법 시행령 제6조 제1항 제1호).
    keep_messages_days integer check (keep_messages_days >= 184),
    -- When consents were last looked through for those that are growing old.
    reminders_at timestamptz,
    -- After so many days without a word of it an app is asked, unseen, whether it is still there;
    -- 0: never.
    probe_days integer not null default 7 check (probe_days between 0 and 90),
    -- A note every page shows, for instance that addresses are made up in a demonstration.
    notice_ko text not null default '',
    notice_en text not null default '',
    -- How customer pages look; null for our own colour, and the name alone.
    brand_colour text check (brand_colour ~ '^#[0-9a-f]{6}$'),
    logo_url text check (logo_url ~ '^https://'),
    sending_paused boolean not null default false,
    created_at timestamptz not null
);

create table member (
    id integer generated always as identity primary key,
    workspace_id integer not null references workspace,
    email text not null,
    password_hash text not null,
    role member_role not null,
    locale text not null check (locale in ('ko', 'en')),
    created_at timestamptz not null,
    unique (workspace_id, email)
);

create table member_session (
    token_hash bytea primary key,
    member_id integer not null references member on delete cascade,
    created_at timestamptz not null,
    expires_at timestamptz not null
);

-- Sign-ins that failed lately: what the throttle counts, in every process alike.
create table sign_in_failure (
    -- Keyed hash of who tried: an e-mail, alone or with the caller's network address.
    subject_key text not null,
    failed_at timestamptz not null
);

create index sign_in_failure_by_subject on sign_in_failure (subject_key, failed_at);

create table api_key (
    id integer generated always as identity primary key,
    workspace_id integer not null references workspace,
    kind api_key_kind not null,
    scopes api_key_scope[] not null,
    key_hash bytea not null unique,
    prefix text not null,
    created_at timestamptz not null,
    revoked_at timestamptz,
    constraint pages_only_track check (kind = 'server' or scopes = array['track'::api_key_scope])
);

-- The master keys under which this database is or was sealed, each by a proof that tells it from
-- any other: a wrong key file is refused at the start. The keys themselves lie in the key file.
create table master_key (
    version integer primary key,
    proof bytea not null,
    added_at timestamptz not null,
    dropped_at timestamptz
);

-- Which installation this database is, for the fence (decision 42): machines remember the same
-- beside their keys. Who finds less here than is remembered has a restored copy: nothing is sent.
create table installation (
    only_row boolean primary key default true check (only_row),
    identity uuid not null,
    -- Moves on every minute while anybody works.
    epoch bigint not null default 0,
    -- Set while nothing is sent at all, for whichever workspace.
    paused_at timestamptz,
    paused_because text,
    constraint paused_installation_has_reason check ((paused_at is null) = (paused_because is null))
);

-- The clock of a replay: Dangol's time is the machine's time plus this. Empty in production.
create table clock_shift (
    only_row boolean primary key default true check (only_row),
    shift interval not null,
    -- Set while a replay steps through the past: time then stands still between steps.
    frozen_at timestamptz
);

-- What happened ---------------------------------------------------------------------------------

-- The durable inbox: append-only, one partition a day, dropped once the lake has it.
-- Duplicates may stand here; acted_event lets each message id act once.
create table event (
    id bigint generated always as identity,
    workspace_id integer not null,
    received_at timestamptz not null,
    occurred_at timestamptz not null,
    -- The writing transaction: readers stop before the oldest one still open, since a sequence
    -- alone would lose rows that commit late.
    written_by xid8 not null default pg_current_xact_id(),
    type event_type not null,
    name text not null,
    message_id text not null,
    -- Set by our own stages, which know whom they write about; else the tick resolves it.
    customer_id bigint,
    user_id text,
    anonymous_id text,
    order_id text,
    revenue numeric(18, 4),
    currency text,
    product_id text,
    category text,
    quantity numeric(18, 4),
    properties jsonb not null default '{}',
    -- Traits without contact data.
    traits jsonb not null default '{}',
    -- [{"kind": "email", "key": "<hex>", "sealed": "<base64>"}]
    contacts jsonb not null default '[]',
    -- [{"channel", "purpose", "action", "source", "wording", "locale"}]
    consents jsonb not null default '[]'
) partition by range (received_at);

create index event_by_writer on event (workspace_id, written_by, id);

-- Bodies of the tracking API that hold nothing to refuse, durable before they are answered, many in
-- a row: an event costs the database a tenth of what a row of the inbox does. The tick unpacks them
-- into it.
create table event_block (
    id bigint generated always as identity,
    workspace_id integer not null,
    received_at timestamptz not null,
    events integer not null check (events > 0),
    -- How long the bodies are once unpacked, in bytes.
    size integer not null,
    -- ingest/blocks.py writes and reads them; compressed (zstd).
    bodies bytea not null,
    primary key (workspace_id, id)
)
-- Every row is deleted within seconds.
with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

alter table event_block alter bodies set storage external;

-- Say an event in one number, so that sums prove that the inbox and the lake hold the same. A null
-- differs from an empty text. store/lake_digest.py says it in the same way of the lake's rows.
create function digest_event(of_event event, customer_id bigint) returns bigint
language sql stable parallel safe
return (
    'x' || left(
        md5(concat_ws(
            e'\n',
            of_event.workspace_id::text,
            of_event.id::text,
            coalesce('=' || digest_event.customer_id::text, ''),
            to_char(of_event.occurred_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US'),
            to_char(of_event.received_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US'),
            of_event.type::text,
            of_event.name,
            of_event.message_id,
            coalesce('=' || of_event.order_id, ''),
            coalesce('=' || of_event.revenue::text, ''),
            coalesce('=' || of_event.currency, ''),
            coalesce('=' || of_event.product_id, ''),
            coalesce('=' || of_event.category, ''),
            coalesce('=' || of_event.quantity::text, ''),
            of_event.properties::text
        )),
        15
    )
)::bit(60)::bigint;

-- Events that acted: each message id once, and whose event it was. Kept seven days, or for ever
-- (keep_until is null) for imports, so that the same file twice changes nothing.
create table acted_event (
    workspace_id integer not null,
    message_id text not null,
    event_id bigint not null,
    customer_id bigint,
    keep_until timestamptz,
    primary key (workspace_id, message_id)
);

create index acted_event_by_event on acted_event (workspace_id, event_id);
create index acted_event_by_expiry on acted_event (keep_until) where keep_until is not null;

-- How far each reader of the inbox has come.
create table event_cursor (
    workspace_id integer not null references workspace,
    reader text not null,
    written_by xid8 not null,
    event_id bigint not null,
    -- Counts the reader's steps; the lake stores it to know a step it has already written.
    step bigint not null default 0,
    moved_at timestamptz not null,
    primary key (workspace_id, reader)
);

-- The events of the inbox that acted, and whose each was, up to where each reader has come.
-- Looks each event up by itself (lateral, limit): the planner would read all of acted_event, which
-- keeps imports for ever. The workspace is the cursor's, so that a bound from another cursor of it
-- still finds its events by event_by_writer.
create view acted_inbox_event as
select
    reached.reader,
    reached.workspace_id,
    acted.customer_id,
    event.id as event_id,
    event.written_by,
    event.occurred_at,
    event.received_at,
    event.type,
    event.name,
    event.message_id,
    event.order_id,
    event.revenue,
    event.currency,
    event.product_id,
    event.category,
    event.quantity,
    event.properties,
    digest_event(event, acted.customer_id) as digest
from event_cursor as reached
inner join event
    on
        reached.workspace_id = event.workspace_id
        and (event.written_by, event.id) <= (reached.written_by, reached.event_id)
cross join
    lateral (
        select acted_event.customer_id
        from acted_event
        where acted_event.workspace_id = event.workspace_id and acted_event.event_id = event.id
        order by acted_event.event_id
        limit 1
    ) as acted;

-- The events that acted and that no flush has moved to the lake yet.
create view waiting_event as
select
    acted.workspace_id,
    acted.customer_id,
    acted.event_id,
    acted.occurred_at,
    acted.received_at,
    acted.type::text as type,
    acted.name,
    acted.message_id,
    acted.order_id,
    acted.revenue,
    acted.currency,
    acted.product_id,
    acted.category,
    acted.quantity,
    acted.properties::text as properties
from acted_inbox_event as acted
left join event_cursor as flushed
    on acted.workspace_id = flushed.workspace_id and flushed.reader = 'lake'
where
    acted.reader = 'tick'
    and (acted.written_by, acted.event_id)
    > (coalesce(flushed.written_by, '0'::xid8), coalesce(flushed.event_id, 0));

-- What the lake must hold of each month, counted as it is flushed: proves the lake when the inbox
-- is long gone.
create table lake_month (
    workspace_id integer not null references workspace,
    -- The first day of the UTC month in which the events occurred.
    month date not null,
    events bigint not null check (events >= 0),
    -- The sum of digest_event over them.
    digests numeric not null,
    primary key (workspace_id, month)
);

-- Events that could not act, with the reason; they never block the others.
create table parked_event (
    workspace_id integer not null,
    event_id bigint not null,
    reason text not null,
    parked_at timestamptz not null,
    primary key (workspace_id, event_id)
);

-- A shop whose platform posts what happens there to /hooks/<token>.
create table shop_connection (
    id integer generated always as identity primary key,
    workspace_id integer not null references workspace,
    platform shop_platform not null,
    -- Part of every message id, so that two shops may count their orders alike.
    name text not null check (name ~ '^[a-z0-9-]{1,40}$'),
    token text not null unique,
    -- What the platform signs with, or shows.
    sealed_secret bytea not null,
    -- The secret before it, while the platform may still sign with that.
    previous_secret bytea,
    previous_until timestamptz,
    -- What the bodies of a platform we do not know mean.
    mapping jsonb,
    created_at timestamptz not null,
    unique (workspace_id, name),
    constraint previous_ends check ((previous_secret is null) = (previous_until is null)),
    constraint only_generic_is_mapped check ((platform = 'generic') = (mapping is not null))
);

-- Whose order, checkout or cart it is, as far as the platform has said: some of its webhooks name
-- only the order. Contacts stand here, sealed, only where the buyer has no member id.
create table shop_reference (
    connection_id integer not null references shop_connection,
    -- Like order:1001 or cart:<token>.
    reference text not null,
    user_id text,
    contacts jsonb not null default '[]',
    told_at timestamptz not null,
    primary key (connection_id, reference)
);

-- Events that wait to hear whose they are; the webhook that says it puts them into the inbox.
create table shop_waiting (
    connection_id integer not null references shop_connection,
    reference text not null,
    message_id text not null,
    -- The event in JSON, as text: jsonb would refuse characters that the inbox drops.
    event text not null,
    received_at timestamptz not null,
    primary key (connection_id, reference, message_id)
);

create table import_file (
    id integer generated always as identity primary key,
    workspace_id integer not null references workspace,
    -- SHA-256 of the file, its mapping and the kind of import: the same again is the same import.
    fingerprint bytea not null,
    file_name text not null,
    kind text not null,
    state import_state not null,
    rows_done bigint not null,
    report jsonb not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    unique (workspace_id, fingerprint)
);

-- What the shop sells, as its files say; the last word of each product.
create table product (
    workspace_id integer not null references workspace,
    product_id text not null,
    name text not null,
    -- Of one unit.
    price numeric(18, 4) check (price >= 0),
    currency text,
    category text,
    url text check (url ~ '^https?://'),
    image_url text check (image_url ~ '^https?://'),
    -- Null where nobody said.
    in_stock boolean,
    updated_at timestamptz not null,
    primary key (workspace_id, product_id),
    constraint price_has_a_currency check (price is null or currency is not null)
);

-- To whom ---------------------------------------------------------------------------------------

-- A zone's name as the guard and the pages can use it; anything else would stop them.
create function is_time_zone(name text) returns boolean language plpgsql stable as $$
begin
    perform timestamptz '2000-01-01 00:00+00' at time zone name;
    -- PostgreSQL also takes made-up names with an offset, like Mars/Base+3.
    return name ~ '^([A-Za-z_]+(/[A-Za-z_-]+)+|UTC)$';
exception when invalid_parameter_value then
    return false;
end
$$;

create table customer (
    id bigint generated always as identity primary key,
    workspace_id integer not null,
    state customer_state not null default 'active',
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    locale text,
    time_zone text,
    country text,
    traits jsonb not null default '{}',
    -- When each trait was last said, in seconds since 1970: a late event cannot undo a newer one.
    traits_at jsonb not null default '{}',
    -- Set on a part: the customer, its head, that it was merged with others into. A head's traits,
    -- activity and address are a combination of its parts'; nothing is a head's alone.
    head_id bigint references customer,
    -- Set on the part that keeps what a head did under its own name: facts moved to it when the
    -- head got its first other part.
    keeps_id bigint unique references customer,
    -- From when on a part's words are also its head's and the other way round; null for always.
    joined_at timestamptz,
    constraint parts_have_a_head check (
        case state
            when 'merged' then head_id is not null
            when 'active' then head_id is null
            else true
        end
    )
);

create index customer_by_workspace on customer (workspace_id, id);
create index customer_by_head on customer (head_id) where head_id is not null;
create index customer_erased on customer (workspace_id, id) where state = 'erased';
create index customer_by_first_visit on customer (workspace_id, first_seen_at);
-- By what Kakao Login calls them, where a shop has told us: a channel's block names nothing else.
create index customer_by_kakao_user on customer (workspace_id, (traits ->> 'kakao_user_id'))
where traits ? 'kakao_user_id';

-- The key under which everything stored for long about a customer is sealed, itself sealed under
-- the workspace's. Destroyed, it takes with it what it has sealed, in every copy there is.
create table customer_key (
    customer_id bigint primary key references customer on delete cascade,
    workspace_id integer not null,
    wrapped bytea not null,
    -- The master key that is needed to unwrap it; a rotation looks for the older ones.
    master_version integer not null
);

-- key is the id itself for pseudonyms, and a keyed hash (hex) for contact data.
create table identifier (
    workspace_id integer not null,
    kind identifier_kind not null,
    key text not null,
    -- Empty only inside the tick that makes the customer.
    sealed bytea,
    -- Whose key has sealed it: it stays when the row goes to another customer.
    key_of bigint,
    -- Whom it leads to, always a head; null for contact data that several people share.
    customer_id bigint references customer,
    first_seen_at timestamptz not null,
    -- The part that its events are facts about; null where that is customer_id itself.
    part_id bigint references customer,
    -- False while it has only come beside a stronger identifier, so that no event is its own.
    acts boolean not null default true,
    primary key (workspace_id, kind, key),
    constraint contact_data_is_sealed check ((kind in ('email', 'phone')) = (sealed is not null)),
    constraint sealed_by_somebody check ((coalesce(sealed, '') = '') = (key_of is null)),
    constraint what_acts_is_somebodys check (customer_id is not null or not acts)
);

create index identifier_by_customer on identifier (customer_id);
create index identifier_by_part on identifier (part_id) where part_id is not null;

-- What was seen together, and when first: the evidence for who is who. Every event links the weaker
-- identifiers it carries to its strongest. What identifies whom is a function of the live rows.
create table identity_link (
    workspace_id integer not null,
    from_kind identifier_kind not null,
    from_key text not null,
    to_kind identifier_kind not null,
    to_key text not null,
    source link_source not null,
    occurred_at timestamptz not null,
    -- Somebody said that this is wrong: it never counts again, however often it is seen.
    undone_at timestamptz,
    primary key (workspace_id, from_kind, from_key, to_kind, to_key, source)
);

create index identity_link_by_target on identity_link (workspace_id, to_kind, to_key);

-- A part that was joined to a head, and what moved with it, so that it can be given back.
create table customer_merge (
    id bigint generated always as identity primary key,
    workspace_id integer not null,
    head_id bigint not null references customer,
    part_id bigint not null references customer,
    -- What the part was known by, and what said that it is the same person.
    kind identifier_kind not null,
    source link_source not null,
    merged_at timestamptz not null,
    undone_at timestamptz,
    enrollment_ids bigint[] not null default '{}',
    message_ids bigint[] not null default '{}',
    -- [{"segment_id", "entered_at", "new"}]: new to the head, that is.
    memberships jsonb not null default '[]',
    -- [{"id", "state", "wake_at"}]: the enrollments that ended because the other one was older.
    ended jsonb not null default '[]'
);

create unique index customer_merge_open on customer_merge (part_id) where undone_at is null;
create index customer_merge_by_head on customer_merge (head_id);

-- Where a customer can be reached.
create table address (
    workspace_id integer not null,
    customer_id bigint not null references customer,
    channel channel not null,
    key text not null,
    sealed bytea not null,
    -- Whose key has sealed it.
    key_of bigint not null,
    state address_state not null default 'reachable',
    changed_at timestamptz not null,
    primary key (customer_id, channel)
);

create index address_by_key on address (workspace_id, channel, key);

-- What a shop's app or page runs on, and the token by which it is sent notifications. The newest
-- active one of a customer is their address of the channel push.
create table device (
    workspace_id integer not null,
    -- Keyed hash (hex) of the device's id.
    key text not null,
    -- A part, as the one of an address; it is theirs who used the device last.
    customer_id bigint not null references customer,
    platform device_platform not null,
    -- Keyed hash of the token, as the addresses of channel push have it, and the token sealed.
    token_key text not null,
    sealed bytea not null,
    -- Whose key has sealed it.
    key_of bigint not null,
    -- suspected: its vendor says that the token is dead. uninstalled: and no new one came.
    state device_state not null default 'active',
    -- The vendor's code for that.
    refused_because text not null default '',
    -- When the token was first said.
    registered_at timestamptz not null,
    -- Since when the state is what it is.
    changed_at timestamptz not null,
    -- Since when nothing has been heard of it: its token, a notification that it was sent, or the
    -- last time that it was looked at.
    heard_at timestamptz not null,
    -- When its vendor was last asked, unseen, whether it is still there.
    probed_at timestamptz,
    primary key (workspace_id, key)
);

create index device_by_customer on device (customer_id);
create index device_by_token on device (workspace_id, token_key);
create index device_suspected on device (workspace_id, changed_at) where state = 'suspected';
create index device_silent on device (workspace_id, heard_at)
where state = 'active' and platform <> 'web';

-- What each customer did, folded at each tick: enough to ask "has it happened since".
create table activity (
    workspace_id integer not null,
    customer_id bigint not null references customer,
    event_name text not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    count bigint not null check (count > 0),
    -- Without a limit: a sum that overflows would stop the tick.
    revenue numeric not null default 0,
    primary key (customer_id, event_name)
);

-- Which traits customers have and which properties events have, as the events themselves tell. A
-- name that comes as text and as number has two rows. No value is kept: it may be personal.
create table trait_type (
    workspace_id integer not null,
    -- Empty for a trait of the person; else the event whose property it is.
    event_name text not null,
    name text not null,
    kind value_kind not null,
    count bigint not null check (count > 0),
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    primary key (workspace_id, event_name, name, kind)
) with (fillfactor = 70);

-- What went beyond the limits; the events themselves have acted, and stand whole in the lake.
create table trait_surplus (
    workspace_id integer not null,
    -- Empty for a trait of the person; else the event whose property it is.
    event_name text not null,
    reason surplus_reason not null,
    count bigint not null check (count > 0),
    last_seen_at timestamptz not null,
    primary key (workspace_id, event_name, reason)
);

-- What they allow -------------------------------------------------------------------------------

-- What a shop collects data for. Of the patterns that fit a name (* is any text) the longest
-- counts; what none fits belongs to the purpose that covers the rest; else it is kept.
create table collection_purpose (
    id integer generated always as identity primary key,
    workspace_id integer not null references workspace,
    name text not null check (name ~ '^[a-z0-9-]{1,40}$'),
    title_ko text not null,
    title_en text not null,
    -- What for, in one plain sentence that customers read.
    why_ko text not null,
    why_en text not null,
    basis lawful_basis not null,
    without_consent without_consent not null default 'drop',
    event_names text[] not null default '{}',
    trait_names text[] not null default '{}',
    covers_rest boolean not null default false,
    -- Null: as long as the customer is one.
    keep_events_days integer check (keep_events_days > 0),
    keep_traits_days integer check (keep_traits_days > 0),
    active boolean not null default true,
    created_at timestamptz not null,
    unique (workspace_id, name)
);

create unique index collection_purpose_of_the_rest on collection_purpose (workspace_id)
where covers_rest and active;

-- Whether a name fits a pattern, in which * stands for any text.
create function is_covered(name text, pattern text) returns boolean
language sql immutable parallel safe
return name like replace(
    replace(replace(replace(pattern, '\', '\\'), '%', '\%'), '_', '\_'), '*', '%'
);

-- The purpose that an event, or a trait, of this name belongs to; null where there is none.
create function purpose_of_event(shop integer, wanted text) returns integer
language sql stable parallel safe
return (
    select purpose.id
    from collection_purpose as purpose
    left join
        lateral unnest(purpose.event_names) as pattern (text)
        on is_covered(purpose_of_event.wanted, pattern.text) -- noqa: RF01
    where
        purpose.workspace_id = purpose_of_event.shop -- noqa: RF01
        and purpose.active
        and (pattern.text is not null or purpose.covers_rest)
    order by
        pattern.text is null,
        length(replace(pattern.text, '*', '')) desc,
        purpose.id
    limit 1
);

create function purpose_of_trait(shop integer, wanted text) returns integer
language sql stable parallel safe
return (
    select purpose.id
    from collection_purpose as purpose
    left join
        lateral unnest(purpose.trait_names) as pattern (text)
        on is_covered(purpose_of_trait.wanted, pattern.text) -- noqa: RF01
    where
        purpose.workspace_id = purpose_of_trait.shop -- noqa: RF01
        and purpose.active
        and (pattern.text is not null or purpose.covers_rest)
    order by
        pattern.text is null,
        length(replace(pattern.text, '*', '')) desc,
        purpose.id
    limit 1
);

-- What was not kept because a consent was missing, by the shop's day: with what acted, was a repeat
-- or was parked it adds up to what came. Nothing here says whose it was.
create table collection_count (
    workspace_id integer not null references workspace,
    day date not null,
    purpose_name text not null,
    kind withheld_kind not null,
    -- Empty where nothing is kept, and for traits.
    event_name text not null,
    count bigint not null check (count > 0),
    primary key (workspace_id, day, purpose_name, kind, event_name)
);

create table consent_entry (
    id bigint generated always as identity primary key,
    workspace_id integer not null,
    customer_id bigint not null,
    -- What they allow us to send; null where it is about what we may collect.
    channel channel,
    purpose purpose,
    -- The name of the collection_purpose it is about; null where it is about sending.
    collection text,
    action consent_action not null,
    -- What an import claims; null otherwise.
    imported_state consent_state,
    -- Where the will was expressed: a form, an import's declared origin, an unsubscribe page.
    source text not null check (source <> ''),
    -- Null where nobody said.
    source_kind consent_source,
    -- Who wrote it down: a key, a member, a job. Empty for the customer.
    actor text not null default '',
    -- The words that were shown, the shop's name for that version of them, and their language.
    wording text not null default '',
    wording_version text not null default '',
    locale text not null default '',
    -- Whether the box was ticked before the customer came; null where there was none, or who knows.
    box_preticked boolean,
    occurred_at timestamptz not null,
    recorded_at timestamptz not null,
    -- When it was said by the client's own clock, where that says another time.
    client_at timestamptz,
    -- From where a person acted (address, program), sealed under their key; the hash is of what is
    -- sealed, which holds a secret of its own, so that the hash says nothing once the key is gone.
    evidence bytea,
    evidence_hash bytea check (octet_length(evidence_hash) = 32),
    -- A double opt-in: which link proved the address, and when it was followed.
    proof_token text not null default '',
    proven_at timestamptz,
    -- Lets nobody guess an entry from its digest.
    salt uuid not null default gen_random_uuid(),
    constraint import_claims_a_state check ((action = 'import') = (imported_state is not null)),
    constraint evidence_has_a_hash check ((evidence is null) = (evidence_hash is null)),
    constraint proof_has_a_time check ((proof_token = '') = (proven_at is null)),
    constraint sending_or_collecting check (
        (collection is null) = (channel is not null)
        and (channel is null) = (purpose is null)
    ),
    constraint collecting_has_no_night check (
        collection is null or action in ('grant', 'refuse', 'withdraw', 'import')
    ),
    -- What is given away is a mail address or a telephone number.
    constraint networks_know_two_addresses check (
        purpose is null or purpose <> 'ad_audience' or channel in ('email', 'sms')
    )
);

create index consent_entry_by_customer on consent_entry (customer_id, channel, purpose, id);
create index consent_entry_of_collection on consent_entry (customer_id, collection, id)
where collection is not null;

-- Say a time as the ledger's chain does: in UTC, to the microsecond.
create function ledger_time(at timestamptz) returns text language sql stable parallel safe
return to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

-- What the ledger's chain says of an entry. What was not said is left out, so that a column that
-- comes later changes nothing about the entries that are there.
create function consent_facts(of_entry consent_entry) returns jsonb
language sql stable parallel safe
return jsonb_strip_nulls(jsonb_build_object(
    'entry', of_entry.id,
    'workspace', of_entry.workspace_id,
    'customer', of_entry.customer_id,
    'channel', of_entry.channel,
    'purpose', of_entry.purpose,
    'collection', of_entry.collection,
    'action', of_entry.action,
    'imported_state', of_entry.imported_state,
    'source', of_entry.source,
    'source_kind', of_entry.source_kind,
    'actor', nullif(of_entry.actor, ''),
    'wording_sha256', case
        when of_entry.wording <> ''
            then encode(sha256(convert_to(of_entry.wording, 'UTF8')), 'hex')
    end,
    'wording_version', nullif(of_entry.wording_version, ''),
    'locale', nullif(of_entry.locale, ''),
    'box_preticked', of_entry.box_preticked,
    'occurred_at', ledger_time(of_entry.occurred_at),
    'recorded_at', ledger_time(of_entry.recorded_at),
    'client_at', ledger_time(of_entry.client_at),
    'evidence_sha256', encode(of_entry.evidence_hash, 'hex'),
    'sealed_sha256', encode(sha256(of_entry.evidence), 'hex'),
    'proof_token', nullif(of_entry.proof_token, ''),
    'proven_at', ledger_time(of_entry.proven_at),
    'salt', of_entry.salt
));

-- The chain: each link binds one entry to all before it (consent/chain.py). Apart from the entries,
-- so that these are written without waiting for one another and never changed afterwards.
create table consent_link (
    workspace_id integer not null,
    -- From 1, without a gap.
    seq bigint not null check (seq > 0),
    entry_id bigint not null unique,
    -- SHA-256 of the entry's facts; of the link: of this, the hash before, seq and chained_at.
    digest bytea not null check (octet_length(digest) = 32),
    hash bytea not null check (octet_length(hash) = 32),
    chained_at timestamptz not null,
    primary key (workspace_id, seq)
);

-- Entries that wait for their link, for a second or two.
create table unchained_entry (
    workspace_id integer not null,
    entry_id bigint not null,
    primary key (workspace_id, entry_id)
);

create function refuse_ledger_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: record a new entry instead', tg_table_name;
end
$$;

create trigger consent_entry_is_append_only
before update or delete or truncate on consent_entry
for each statement execute function refuse_ledger_change();

create trigger consent_link_is_append_only
before update or delete or truncate on consent_link
for each statement execute function refuse_ledger_change();

create function await_link() returns trigger language plpgsql as $$
begin
    insert into unchained_entry (workspace_id, entry_id)
    select entry.workspace_id, entry.id from entry;
    return null;
end
$$;

create trigger consent_entry_awaits_link
after insert on consent_entry
referencing new table as entry
for each statement execute function await_link();

-- Whoever owns the tables keeps the right to grant it to themselves again; `dangol doctor` tells.
revoke update, delete, truncate on consent_entry, consent_link from current_user, public;

-- What a night's walk along the chain and a new fold of all entries found.
create table ledger_audit (
    id bigint generated always as identity primary key,
    workspace_id integer not null references workspace,
    audited_at timestamptz not null,
    links bigint not null,
    anchors integer not null,
    -- Links and entries that are not what they were, and the first of them in words.
    faults bigint not null,
    examples text[] not null default '{}',
    -- Consents that did not say what the ledger says, and do now.
    mended integer not null
);

create index ledger_audit_by_workspace on ledger_audit (workspace_id, audited_at);

-- The fold of the ledger: the last word per customer, channel and purpose.
create table consent (
    workspace_id integer not null,
    customer_id bigint not null references customer,
    channel channel not null,
    purpose purpose not null,
    state consent_state not null,
    since timestamptz not null,
    -- Whether advertising may come at night, too; a consent of its own.
    night boolean not null default false,
    -- When it was given or last confirmed: what a renewal is counted from.
    confirmed_at timestamptz,
    entry_id bigint not null,
    primary key (customer_id, channel, purpose)
);

-- Entries of which nobody has yet looked whether the law wants their customers told.
create table untold_entry (
    workspace_id integer not null,
    entry_id bigint not null,
    primary key (workspace_id, entry_id)
);

create function await_notice() returns trigger language plpgsql as $$
begin
    insert into untold_entry (workspace_id, entry_id)
    select entry.workspace_id, entry.id
    from entry
    inner join workspace on entry.workspace_id = workspace.id
    where
        workspace.consent_notices
        and entry.purpose = 'marketing'
        and entry.action in ('grant', 'refuse', 'withdraw', 'night_grant', 'night_withdraw');
    return null;
end
$$;

create trigger consent_entry_awaits_notice
after insert on consent_entry
referencing new table as entry
for each statement execute function await_notice();

-- What the law wants somebody told about a word of theirs; one message tells all that wait.
--   open: look again at ready_at -> planned: message_id -> told: the ledger has it
--   planned -> open, where the message could not be sent
create table consent_notice (
    id bigint generated always as identity primary key,
    workspace_id integer not null,
    customer_id bigint not null,
    kind notice_kind not null,
    -- The word it is about, and when it was said; of a reminder, when it was last confirmed.
    entry_id bigint not null,
    channel channel not null,
    action consent_action not null,
    said_at timestamptz not null,
    -- By when the law wants it told.
    due_at timestamptz not null,
    ready_at timestamptz,
    message_id bigint,
    told_at timestamptz,
    -- What it had to be told for is no more: taken back, or the customer wants to be forgotten.
    dropped_at timestamptz,
    unique (kind, entry_id, said_at),
    constraint open_notice_has_a_time check (
        (ready_at is null)
        = (message_id is not null or told_at is not null or dropped_at is not null)
    ),
    constraint told_by_a_message check (told_at is null or message_id is not null)
);

create index consent_notice_open on consent_notice (workspace_id, ready_at)
where ready_at is not null;
create index consent_notice_by_message on consent_notice (message_id)
where message_id is not null;
create index consent_notice_by_customer on consent_notice (customer_id);

-- The same for what may be collected: the last word per customer and purpose.
create table collection_consent (
    workspace_id integer not null,
    customer_id bigint not null references customer,
    purpose_name text not null,
    state consent_state not null,
    since timestamptz not null,
    entry_id bigint not null,
    primary key (customer_id, purpose_name)
);

-- A customer's wish that what was collected for a purpose be deleted, and how far it has come.
create table collection_erasure (
    id bigint generated always as identity primary key,
    workspace_id integer not null references workspace,
    customer_id bigint not null,
    purpose_name text not null,
    asked_at timestamptz not null,
    -- When the rows were gone; then the lake's files are written anew.
    cleared_at timestamptz,
    done_at timestamptz,
    -- What is to go: the names of events, as the customer's activity has them.
    event_names text[] not null default '{}',
    -- How many events went from the lake.
    events bigint
);

create index collection_erasure_open on collection_erasure (workspace_id, id)
where done_at is null;

-- An address nobody may write to, whoever it belongs to; it outlives the customer.
create table suppression (
    workspace_id integer not null,
    channel channel not null,
    address_key text not null,
    reason suppression_reason not null,
    since timestamptz not null,
    receipt_id bigint,
    primary key (workspace_id, channel, address_key)
);

-- What a customer wants to hear about, and how often.
create table topic (
    id integer generated always as identity primary key,
    workspace_id integer not null references workspace,
    name text not null,
    title_ko text not null,
    title_en text not null,
    created_at timestamptz not null,
    unique (workspace_id, name)
);

-- A topic somebody switched off; whoever said nothing gets them all.
create table topic_refusal (
    workspace_id integer not null,
    customer_id bigint not null references customer,
    topic_id integer not null references topic,
    since timestamptz not null,
    primary key (customer_id, topic_id)
);

-- What a customer asked for once for all channels: a rest, and how many messages a week at most.
create table preference (
    workspace_id integer not null,
    customer_id bigint primary key references customer,
    snoozed_until timestamptz,
    weekly_messages integer check (weekly_messages > 0),
    changed_at timestamptz not null
);

-- Why a message made its recipient stop, where they said so.
create table exit_answer (
    message_id bigint primary key,
    workspace_id integer not null,
    reason exit_reason not null,
    said_at timestamptz not null
);

create index exit_answer_by_time on exit_answer (workspace_id, said_at);

-- What the shop changed because customers had told it something; every customer may read it.
create table feedback_note (
    id integer generated always as identity primary key,
    workspace_id integer not null references workspace,
    text_ko text not null,
    text_en text not null,
    published_at timestamptz not null
);

-- Who belongs together --------------------------------------------------------------------------

create table segment (
    id integer generated always as identity primary key,
    workspace_id integer not null references workspace,
    name text not null,
    title_ko text not null,
    title_en text not null,
    created_at timestamptz not null,
    -- A condition that is being worked on: nobody is judged by it before it is a version.
    draft jsonb,
    -- Put away: nobody is in it and nobody is judged by it, until it is taken out again.
    archived_at timestamptz,
    -- As of when its members are right, by which version, and how many they were then.
    refreshed_at timestamptz,
    refreshed_number integer,
    size integer not null default 0,
    unique (workspace_id, name)
);

create table segment_version (
    segment_id integer not null references segment,
    number integer not null,
    -- The condition tree; segments/condition.py is its schema.
    definition jsonb not null,
    created_at timestamptz not null,
    primary key (segment_id, number)
);

-- How many were in a segment at a day's last refresh, and how many came and went that day; the day
-- is the shop's.
create table segment_size (
    workspace_id integer not null,
    segment_id integer not null references segment,
    day date not null,
    size integer not null,
    came integer not null,
    went integer not null,
    primary key (segment_id, day)
);

create table membership (
    workspace_id integer not null,
    segment_id integer not null references segment,
    customer_id bigint not null references customer,
    entered_at timestamptz not null,
    primary key (segment_id, customer_id)
);

create index membership_by_customer on membership (customer_id, segment_id);

-- A stay in a segment that has ended. With membership, which holds those that last, it tells who
-- was in on any day since; kept as long as membership_keep_days says.
create table membership_span (
    workspace_id integer not null,
    segment_id integer not null references segment,
    customer_id bigint not null references customer,
    entered_at timestamptz not null,
    left_at timestamptz not null,
    primary key (segment_id, customer_id, entered_at),
    constraint stays_end_after_they_began check (left_at >= entered_at)
);

create index membership_span_by_customer on membership_span (customer_id);
create index membership_span_by_end on membership_span (left_at);

-- Whom the next beat must look at although no event of theirs is new: they were merged, told apart
-- or closed, or something that conditions ask about was written to them.
create table segment_touch (
    id bigint generated always as identity primary key,
    workspace_id integer not null,
    customer_id bigint not null
);

create index segment_touch_by_workspace on segment_touch (workspace_id);

create function touch_segments() returns trigger language plpgsql as $$
begin
    insert into segment_touch (workspace_id, customer_id)
    select
        new.workspace_id,
        touched.customer_id
    from unnest(array[new.id, old.head_id, new.head_id]) as touched (customer_id)
    where
        touched.customer_id is not null
        and exists (select from segment where segment.workspace_id = new.workspace_id);
    return null;
end
$$;

create trigger customer_touches_segments
after update of state, head_id on customer
for each row
when (old.state <> new.state or old.head_id is distinct from new.head_id)
execute function touch_segments();

-- Touch whom the rows are about that a statement wrote: once each, however many rows.
create function touch_written() returns trigger language plpgsql as $$
begin
    insert into segment_touch (workspace_id, customer_id)
    select distinct
        written.workspace_id,
        written.customer_id
    from written
    where
        written.customer_id is not null
        and exists (select from segment where segment.workspace_id = written.workspace_id);
    return null;
end
$$;

create trigger consent_touches_when_given
after insert on consent referencing new table as written
for each statement execute function touch_written();
create trigger consent_touches_when_changed
after update on consent referencing new table as written
for each statement execute function touch_written();
create trigger consent_touches_when_gone
after delete on consent referencing old table as written
for each statement execute function touch_written();
-- A new address comes with an event or a merge, which the beat sees anyway.
create trigger address_touches_when_changed
after update on address referencing new table as written
for each statement execute function touch_written();
create trigger address_touches_when_gone
after delete on address referencing old table as written
for each statement execute function touch_written();

-- Touch whoever has an address that was forbidden, or allowed again.
create function touch_suppressed() returns trigger language plpgsql as $$
begin
    insert into segment_touch (workspace_id, customer_id)
    select distinct
        address.workspace_id,
        address.customer_id
    from written
    inner join address
        on
            written.workspace_id = address.workspace_id
            and written.channel = address.channel
            and written.address_key = address.key
    where exists (select from segment where segment.workspace_id = written.workspace_id);
    return null;
end
$$;

create trigger suppression_touches_when_made
after insert on suppression referencing new table as written
for each statement execute function touch_suppressed();
create trigger suppression_touches_when_gone
after delete on suppression referencing old table as written
for each statement execute function touch_suppressed();

-- Before when no segment can change by itself, as far as was asked ahead: a beat before then looks
-- at nothing unless something came.
create table segment_quiet (
    workspace_id integer primary key references workspace,
    -- Null where something may change at once.
    until timestamptz
);

-- What a full recomputation found that the beats had got wrong: nothing, or there is a bug.
create table segment_audit (
    id bigint generated always as identity primary key,
    workspace_id integer not null references workspace,
    audited_at timestamptz not null,
    segments integer not null,
    members integer not null,
    -- Members who should not have been, and who should have been but were not.
    surplus integer not null,
    missing integer not null,
    -- The names of the segments that were wrong.
    wrong text[] not null default '{}'
);

create index segment_audit_by_workspace on segment_audit (workspace_id, audited_at);

-- Customers as a file named them, each under a name that conditions ask for.
create table customer_list (
    id integer generated always as identity primary key,
    workspace_id integer not null references workspace,
    name text not null check (name <> ''),
    uploaded_at timestamptz not null,
    -- How many rows the file had, with those that led to nobody.
    rows_given integer not null default 0,
    unique (workspace_id, name)
);

create table list_entry (
    workspace_id integer not null,
    list_id integer not null references customer_list,
    -- Whom the row of the file led to then; a part counts for its head.
    customer_id bigint not null references customer,
    primary key (list_id, customer_id)
);

create index list_entry_by_customer on list_entry (customer_id);

create trigger list_touches_when_filled
after insert on list_entry referencing new table as written
for each statement execute function touch_written();
create trigger list_touches_when_emptied
after delete on list_entry referencing old table as written
for each statement execute function touch_written();

-- Who is where, what is planned -----------------------------------------------------------------

-- The pictures that templates show, each of a shop's once, by what it holds.
create table picture (
    workspace_id integer not null references workspace,
    -- SHA-256 of the content.
    hash bytea not null check (length(hash) = 32),
    kind picture_kind not null,
    -- In pixels.
    width integer not null check (width > 0),
    height integer not null check (height > 0),
    content bytea not null,
    created_at timestamptz not null,
    primary key (workspace_id, hash)
);

create table template (
    id integer generated always as identity primary key,
    workspace_id integer not null references workspace,
    name text not null,
    channel channel not null,
    purpose purpose not null,
    locale text not null check (locale in ('ko', 'en')),
    -- Liquid.
    subject text not null,
    body_text text not null,
    body_html text not null,
    -- What the vendor calls it, where it approves templates (Alimtalk); empty: it has no such name.
    vendor_code text not null default '',
    -- [{"kind", "name", "mobile_url", "desktop_url", "android_url", "ios_url"}], as far as given.
    buttons jsonb not null default '[]',
    -- What an Alimtalk shows large above its text, and small above that; both or neither.
    emphasis_title text not null default '',
    emphasis_subtitle text not null default '',
    -- What it is about; null: of no topic.
    topic_id integer references topic,
    -- Whether it only tells of goods like those the customer has bought.
    similar_goods boolean not null default false,
    -- Whether it is the last try to win back who has stopped reacting.
    last_chance boolean not null default false,
    -- What one of them is expected to bring, in the shop's currency: breaks ties between messages.
    expected_value numeric not null default 0,
    created_at timestamptz not null,
    -- What it shows; null: nothing. With one, a text message leaves as an MMS.
    picture_hash bytea,
    -- Brand Messages: how it looks, whom it may reach, and what the bubble holds beside the text
    -- ({"image_url", "coupon", "commerce"}, as far as given).
    bubble bubble_kind not null default 'text',
    targeting targeting not null default 'friends',
    bubble_parts jsonb not null default '{}',
    unique (workspace_id, name, channel),
    foreign key (workspace_id, picture_hash) references picture (workspace_id, hash),
    constraint template_is_no_ad_audience check (purpose <> 'ad_audience')
);

-- A limit beside the shop's own: at most so many advertising messages to one customer in so many
-- days, on one channel or all, about one topic or all.
create table message_cap (
    id integer generated always as identity primary key,
    workspace_id integer not null references workspace,
    channel channel,
    topic_id integer references topic,
    messages integer not null check (messages > 0),
    days integer not null check (days > 0),
    unique nulls not distinct (workspace_id, channel, topic_id, days)
);

create table journey (
    id integer generated always as identity primary key,
    workspace_id integer not null references workspace,
    name text not null,
    title_ko text not null,
    title_en text not null,
    state journey_state not null default 'draft',
    -- Whose message goes where several want the same place; the higher wins.
    priority integer not null default 0,
    -- The version new enrollments take.
    version_id integer,
    created_at timestamptz not null,
    unique (workspace_id, name)
);

-- Immutable once published; who is inside one keeps it unless publishing the next moves them.
create table journey_version (
    id integer generated always as identity primary key,
    workspace_id integer not null,
    journey_id integer not null references journey,
    number integer not null,
    -- As written by its author; journey_step is what runs.
    definition jsonb not null,
    entry_kind entry_kind not null,
    -- The event that enrolls; a date and a schedule enroll without one.
    entry_event text,
    -- The segment whose event that is, or, of a schedule, whose members enter.
    entry_segment_id integer references segment,
    -- What the event's properties must fit, and what the customer must, in the grammar of segments.
    entry_filter jsonb,
    entry_condition jsonb,
    -- date: the trait, whether its day comes every year, how far from it (before is negative), and
    -- the local time.
    entry_trait text,
    entry_yearly boolean not null default false,
    entry_offset interval,
    entry_at time,
    -- {"at", "every", "on", "day", "of"} as written.
    schedule jsonb,
    -- Only the customer's first such event enrolls.
    first_time_only boolean not null default false,
    -- Days before the same customer may enter again; null means never again.
    reentry_days integer check (reentry_days >= 0),
    -- The property by whose value re-entry is judged: never again for the same order.
    entry_key text,
    -- At most so many enter a day of the shop's.
    entry_per_day integer check (entry_per_day > 0),
    -- How old an event may be and still enroll: what an import or a late phone brings from long
    -- ago must not set off today's messages.
    entry_within interval not null default '3 days',
    -- Once this event happens after somebody entered, the journey has done its work: they leave,
    -- and advertising it planned is no longer sent.
    goal_event text,
    goal_filter jsonb,
    -- So long after entering it still counts as the journey's doing.
    goal_within interval not null default '14 days',
    -- What makes somebody leave, wherever in the journey they are.
    exit_events text[] not null default '{}',
    exit_condition jsonb,
    -- Advertising of this journey is held so long after a purchase; null: it is not.
    quiet_after_purchase interval,
    zone_rule zone_rule not null default 'customer',
    first_step integer not null,
    published_at timestamptz not null,
    -- Who published it, as far as that is known.
    published_by text,
    unique (journey_id, number),
    constraint entry_has_its_event check (
        (entry_kind in ('date', 'schedule')) = (entry_event is null)
    ),
    constraint date_has_trait check (
        (entry_kind = 'date')
        = (entry_trait is not null and entry_offset is not null and entry_at is not null)
    ),
    constraint schedule_has_plan check ((entry_kind = 'schedule') = (schedule is not null))
);

alter table journey
add constraint journey_version_exists foreign key (version_id) references journey_version;

-- Every time a journey got another version, or its people one, and what became of them.
create table journey_publication (
    id integer generated always as identity primary key,
    workspace_id integer not null,
    journey_id integer not null references journey,
    version_id integer not null references journey_version,
    -- What new customers took before.
    was_version_id integer references journey_version,
    inside inside_policy not null,
    -- Of migrate: from the name of a step to the name of one, or to exit.
    step_map jsonb not null default '{}',
    moved integer not null,
    let_go integer not null,
    continued integer not null,
    published_at timestamptz not null,
    published_by text
);

create index journey_publication_by_journey on journey_publication (journey_id, id);

-- When a journey that begins with a date or a schedule is next looked at, and how far it has come
-- among the customers where that takes more than one tick. What came before it began to run, or to
-- begin this way, lets nobody in.
create table journey_schedule (
    journey_id integer primary key references journey,
    version_id integer not null references journey_version,
    workspace_id integer not null,
    next_at timestamptz not null,
    begun_at timestamptz not null,
    after_customer bigint not null default 0
);

create index journey_schedule_due on journey_schedule (workspace_id, next_at);

create table journey_step (
    version_id integer not null references journey_version,
    number integer not null,
    -- Of this step among all versions' steps: what an enrollment's trail is made of.
    id integer generated always as identity unique,
    name text not null,
    kind step_kind not null,
    -- Where to go next; every step but an exit leads somewhere. Of a branch: where nothing fits.
    next_step integer,
    -- message: what to send, and how long it is worth sending.
    template_id integer references template,
    expires_after interval,
    -- message: how many rungs (journey_rung) its ladder has beside the template.
    rungs integer not null default 0 check (rungs between 0 and 4),
    -- wait: so long; or, then, until a local time, on one of these days of the week (ISO, 1 to 7).
    wait_for interval,
    wait_until time,
    wait_days integer[],
    -- wait: until so far from the day that a trait names (before is negative), at wait_until.
    wait_trait text,
    wait_offset interval,
    -- check_event: yes_step if the event happened since the enrollment began, else next_step.
    -- wait_for: yes_step when the event happens that passes the filter, or the condition holds;
    -- next_step when limit_after is over.
    event_name text,
    filter jsonb,
    condition jsonb,
    limit_after interval,
    yes_step integer,
    -- update: {"set", "unset", "add_tags", "remove_tags"}, as far as given.
    update_traits jsonb,
    -- webhook: which endpoint is called, what with (null: what is known), and for which purpose the
    -- customer must have consented. Where the answer is waited for, it leads to yes_step; next_step
    -- when there is none, or limit_after is over.
    webhook_name text,
    webhook_body jsonb,
    webhook_purpose purpose,
    -- enter: which journey.
    journey_name text,
    -- exit: why.
    ending end_reason,
    primary key (version_id, number),
    constraint message_has_template check (
        (kind = 'message') = (template_id is not null and expires_after is not null)
    ),
    constraint only_messages_have_rungs check (kind = 'message' or rungs = 0),
    constraint wait_has_end check (
        (kind = 'wait') = (wait_for is not null or wait_until is not null)
    ),
    constraint day_has_time check (
        (wait_trait is null) = (wait_offset is null)
        and (wait_until is not null or (wait_trait is null and wait_days is null))
    ),
    constraint only_exits_lead_nowhere check ((kind = 'exit') = (next_step is null)),
    constraint check_has_event check (kind <> 'check_event' or event_name is not null),
    constraint wait_for_has_one_reason check (
        kind <> 'wait_for' or (event_name is null) <> (condition is null)
    ),
    constraint wait_for_has_limit check (
        kind = 'webhook' or (kind = 'wait_for') = (limit_after is not null)
    ),
    constraint questions_have_two_ways check (
        (kind in ('check_event', 'wait_for') or (kind = 'webhook' and limit_after is not null))
        = (yes_step is not null)
    ),
    constraint webhook_has_endpoint check (
        (kind = 'webhook') = (webhook_name is not null)
        and (kind = 'webhook' or (webhook_body is null and webhook_purpose is null))
    ),
    constraint update_has_traits check ((kind = 'update') = (update_traits is not null)),
    constraint enter_has_journey check ((kind = 'enter') = (journey_name is not null)),
    constraint exit_has_ending check ((kind = 'exit') = (ending is not null))
);

-- What a message step sends instead where its template did not reach somebody, rung after rung:
-- each on a channel of its own. Rung 0 is the step's own template.
create table journey_rung (
    version_id integer not null,
    step_number integer not null,
    rung integer not null check (rung between 1 and 4),
    template_id integer not null references template,
    primary key (version_id, step_number, rung),
    foreign key (version_id, step_number) references journey_step (version_id, number)
);

-- The ways out of a branch, of which the first that holds is taken, and of a split, of which a
-- customer's number from 0 to 99 takes the one with share_from <= number < share_to.
create table journey_way (
    version_id integer not null,
    number integer not null,
    position integer not null,
    condition jsonb,
    share_from integer,
    share_to integer,
    to_step integer not null,
    primary key (version_id, number, position),
    foreign key (version_id, number) references journey_step (version_id, number),
    constraint way_has_one_reason check ((condition is null) <> (share_from is null)),
    constraint share_is_within_all check (
        (share_from is null) = (share_to is null)
        and (share_from is null or (share_from >= 0 and share_from < share_to and share_to <= 100))
    )
);

-- The segments and lists that a version's entry and conditions name: none of them goes while the
-- journey needs it. By name, as conditions do: a list that is uploaded anew is the same to them.
create table journey_need (
    version_id integer not null references journey_version,
    kind text not null check (kind in ('segment', 'list')),
    name text not null,
    -- Whether those inside are asked about it; if not, only who enters is.
    asks_inside boolean not null,
    primary key (version_id, kind, name)
);

-- How many entered a journey on a day of the shop's, and how many its limit turned away.
create table journey_day (
    journey_id integer not null references journey,
    day date not null,
    entered integer not null default 0,
    turned_away integer not null default 0,
    primary key (journey_id, day)
);

create table enrollment (
    id bigint generated always as identity primary key,
    workspace_id integer not null,
    journey_id integer not null,
    version_id integer not null,
    customer_id bigint not null,
    -- The message id of the event that caused it: one event enrolls at most once.
    entry_key text not null,
    state enrollment_state not null,
    step_number integer not null,
    -- How many messages this enrollment has planned; numbers repeated visits to a step.
    planned integer not null default 0,
    -- When the event that caused it occurred; ahead of us where its clock is.
    entered_at timestamptz not null,
    wake_at timestamptz,
    -- Since when they stand at a wait_for: what happened before does not end it.
    waits_since timestamptz,
    ended_at timestamptz,
    end_reason end_reason,
    parked_because text,
    -- Of the event that caused it.
    entry_properties jsonb,
    -- The steps (journey_step.id) they came to, in order, and when; the last 500.
    trail integer[] not null default '{}',
    trail_at timestamptz[] not null default '{}',
    -- In this order, so that no other index finds one enrollment of a customer who has thousands.
    unique (customer_id, journey_id, entry_key),
    constraint waiting_has_wake check ((state = 'waiting') = (wake_at is not null)),
    constraint ended_has_reason check (
        (state = 'ended') = (end_reason is not null and ended_at is not null)
    ),
    constraint parked_has_reason check ((state = 'parked') = (parked_because is not null))
);

create index enrollment_due on enrollment (workspace_id, wake_at, id) where state = 'waiting';
create index enrollment_new on enrollment (workspace_id, id) where state = 'active';
create index enrollment_by_journey on enrollment (journey_id);

-- What a tick with new events looks up; none of it is written at a hop.
create index enrollment_listening on enrollment (customer_id)
where state = 'waiting' and waits_since is not null;
create index journey_version_by_entry on journey_version (workspace_id, entry_event);
create index journey_version_by_goal on journey_version (workspace_id, goal_event)
where goal_event is not null;
create index journey_version_by_exit on journey_version (workspace_id)
where exit_events <> '{}' or exit_condition is not null;
create index journey_version_by_time on journey_version (workspace_id)
where entry_kind in ('date', 'schedule');
create index journey_step_by_event on journey_step (event_name) where kind = 'wait_for';

-- When clocks that are so far ahead of UTC show this.
create function moment_at(clock timestamp, ahead interval) returns timestamptz
language sql immutable parallel safe
return (clock - ahead) at time zone 'utc';

-- How far the clocks of a zone are ahead of UTC at a moment.
create function zone_ahead(moment timestamptz, zone text) returns interval
language sql stable parallel safe
return moment at time zone zone - moment at time zone 'utc';

-- When the clocks of a zone show this. Of two such moments the first, by the clocks of the day
-- before; where the clocks jump over it, the moment at which they would have shown it.
create function local_moment(clock timestamp, zone text) returns timestamptz
language sql stable parallel safe
return case
    when
        moment_at(clock, zone_ahead(clock at time zone zone - interval '24 hours', zone))
        at time zone zone = clock
        then moment_at(clock, zone_ahead(clock at time zone zone - interval '24 hours', zone))
    else clock at time zone zone
end;

-- The day a text names where the clocks show this zone, or null: a date, alone or with a time.
create function named_day(written text, zone text) returns date
language sql stable parallel safe
return case
    when written is null or not written ~ '^[12][0-9]{3}-(0[1-9]|1[0-2])-[0-3][0-9]' then null
    when
        substr(written, 9, 2)::integer not between 1 and extract(
            day from (substr(written, 1, 7) || '-01')::date + interval '1 month - 1 day'
        )
        then null
    when
        written ~ '^.{10}([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?)?$'
        then substr(written, 1, 10)::date
    when
        written ~ (
            '^.{10}[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?'
            || '(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$'
        )
        then (
            (
                -- PostgreSQL reads no offset beyond 16 hours, so that it is taken off by hand.
                regexp_replace(written, '(Z|.{6})$', '')::timestamp
                - case
                    when right(written, 1) = 'Z' then interval '0'
                    else right(written, 6)::interval
                end
            ) at time zone 'utc' at time zone zone
        )::date
end;

-- The first time an enrollment's goal was reached, inside it or after it ended.
create table conversion (
    enrollment_id bigint primary key references enrollment,
    workspace_id integer not null,
    journey_id integer not null references journey,
    version_id integer not null references journey_version,
    customer_id bigint not null references customer,
    -- Of the event that was the goal, or activity:<event> where that came in before the entry was
    -- known; null where a goal step said so.
    message_id text,
    occurred_at timestamptz not null,
    revenue numeric,
    currency text,
    -- Whether it was looked at for the message that came last before it: see attribution.
    attributed boolean not null default false
);

create index conversion_by_journey on conversion (journey_id, occurred_at);
create index conversion_unattributed on conversion (workspace_id, occurred_at)
where not attributed;
create index conversion_by_customer on conversion (customer_id);

-- Which message came last before somebody did what a journey is for: the one whose link they
-- followed last, else the one that arrived last, of the journeys whose goal it was. One order is
-- one row, of however many journeys it was the goal. It says what came before and not what it was
-- because of: that only the holdout tells.
create table attribution (
    id bigint generated always as identity primary key,
    workspace_id integer not null references workspace,
    -- The message id of the event that was the goal, or goal:<enrollment>; nobody's name.
    goal_key text not null,
    occurred_at timestamptz not null,
    revenue numeric,
    currency text,
    -- The journey of that message; where none came before, the one whose goal it was.
    journey_id integer not null references journey,
    -- All null where nobody had got a message yet.
    message_id bigint,
    template_id integer,
    channel channel,
    clicked boolean,
    -- When that message had left.
    sent_at timestamptz,
    unique (workspace_id, goal_key),
    constraint touched_or_not check (
        (message_id is null) = (sent_at is null) and (message_id is null) = (clicked is null)
    )
);

create index attribution_by_sending on attribution (workspace_id, sent_at);

-- What became of messages whose rows are deleted, by the shop's day on which they left: what the
-- reports still count of them. See rights/sql/fold_results.sql.
create table message_total (
    workspace_id integer not null references workspace,
    day date not null,
    journey_id integer not null references journey,
    template_id integer not null,
    channel channel not null,
    sent bigint not null,
    failed bigint not null,
    delivered bigint not null,
    opened bigint not null,
    clicked bigint not null,
    replied bigint not null,
    complained bigint not null,
    unsubscribed bigint not null,
    -- In won.
    cost numeric not null,
    primary key (workspace_id, day, journey_id, template_id, channel)
);

create table message (
    id bigint generated always as identity primary key,
    workspace_id integer not null,
    customer_id bigint not null,
    enrollment_id bigint not null,
    journey_id integer not null,
    version_id integer not null,
    step_number integer not null,
    -- The enrollment's count of planned messages when this one was: unique per visit.
    visit integer not null,
    -- Which rung of the step's ladder it is, and how many there still are below it: 0 once the next
    -- one is planned, or nothing is to follow.
    rung integer not null default 0,
    rungs_left integer not null default 0,
    template_id integer not null,
    channel channel not null,
    purpose purpose not null,
    planned_at timestamptz not null,
    expires_at timestamptz not null,
    state message_state not null default 'planned',
    -- When somebody must act: the guard on a planned or held message, a sender on an allowed one.
    act_at timestamptz,
    -- When the guard last allowed it: what the cap counts.
    allowed_at timestamptz,
    unique (enrollment_id, step_number, visit, rung),
    constraint open_messages_have_a_time check (
        (state in ('planned', 'held', 'allowed')) = (act_at is not null)
    ),
    constraint message_is_no_ad_audience check (purpose <> 'ad_audience')
);

create index message_for_guard on message (workspace_id, act_at, id)
where state in ('planned', 'held');
-- What waits for a sender stands in lanes, one for each channel, purpose, journey and template.
create index message_for_channels on message (
    workspace_id, channel, purpose, journey_id, template_id, act_at, id
)
where state = 'allowed';
create index message_by_customer on message (customer_id, planned_at);
-- Those that may fall to their next rung.
create index message_for_ladder on message (workspace_id, id)
where rungs_left > 0 and state in ('skipped', 'failed');

-- Allow, hold until, skip because ---------------------------------------------------------------

-- Exactly one row per message and evaluation. The hand-off writes one only where it changes the
-- verdict: an unchanged "allow" is the delivery itself. reason is that of the first rule to speak,
-- which decides; reasons are those of all that did, in their order.
create table decision (
    message_id bigint not null,
    evaluation integer not null,
    workspace_id integer not null,
    customer_id bigint not null,
    stage decision_stage not null,
    verdict verdict not null,
    reason decision_reason not null,
    reasons decision_reason[] not null,
    hold_until timestamptz,
    decided_at timestamptz not null,
    primary key (message_id, evaluation),
    constraint hold_has_end check ((verdict = 'hold') = (hold_until is not null)),
    constraint first_reason_decides check (reasons[1] = reason),
    constraint allow_has_no_other_reason check ((verdict = 'allow') = (reason = 'allowed'))
);

create index decision_by_customer on decision (customer_id);

-- Handed over, and what became of it ------------------------------------------------------------

-- One attempt to hand a message to a vendor.
--   claimed -> calling, committed before the first byte
--   calling -> accepted | rejected | retryable | unknown
--   claimed -> released: the guard changed its mind at the door, or the claim's lease ran out.
--   rejected | retryable | unknown -> retried: a person had it tried again (delivery_retry).
create table delivery (
    id bigint generated always as identity primary key,
    workspace_id integer not null,
    message_id bigint not null references message,
    customer_id bigint not null,
    attempt integer not null,
    channel channel not null,
    provider text not null,
    address_key text not null,
    state delivery_state not null,
    claimed_by text not null,
    claimed_at timestamptz not null,
    lease_until timestamptz not null,
    calling_at timestamptz,
    settled_at timestamptz,
    retry_at timestamptz,
    -- What the vendor calls it; our own Message-ID for SMTP.
    provider_message_id text,
    code text,
    detail text,
    -- Why it was not taken, or did not arrive; vendor.FaultKind.
    fault text,
    -- A call without an answer to a vendor that honours our key: until then the same vendor may be
    -- called again under the same key, and nobody else.
    doubt_until timestamptz,
    -- When a vendor that can be asked was last asked what became of a call without an answer.
    asked_at timestamptz,
    -- As the vendor told it, else by provider_price.
    cost numeric,
    currency text,
    unique (message_id, attempt),
    constraint settled_when_over check (
        (state in ('claimed', 'calling')) = (settled_at is null)
    )
);

-- The database itself refuses a second live or accepted attempt of the same message.
create unique index delivery_at_most_once on delivery (message_id)
where state in ('claimed', 'calling', 'accepted', 'rejected', 'unknown');
create index delivery_open on delivery (workspace_id, lease_until)
where state in ('claimed', 'calling');
create index delivery_calling_address on delivery (workspace_id, channel, address_key)
where state = 'calling';
create index delivery_in_doubt on delivery (workspace_id, doubt_until)
where doubt_until is not null;
create index delivery_unknown on delivery (workspace_id, provider, calling_at)
where state = 'unknown';
create index delivery_by_vendor_id on delivery (provider_message_id)
where provider_message_id is not null;
create index delivery_by_time on delivery (workspace_id, settled_at)
where state in ('accepted', 'rejected');

-- What is over without having arrived.
create index delivery_dead on delivery (workspace_id, id)
where state in ('rejected', 'unknown') or (state = 'retryable' and retry_at is null);

-- Every time a person had a message tried again that had failed, or may have arrived: append-only.
create table delivery_retry (
    id bigint generated always as identity primary key,
    workspace_id integer not null,
    delivery_id bigint not null references delivery,
    asked_at timestamptz not null,
    -- A key's number, or the account of the machine that ran a command.
    asked_by text not null check (asked_by <> ''),
    reason text not null check (reason <> ''),
    -- What it was before; unknown only where that it may arrive twice was accepted.
    was delivery_state not null check (was in ('rejected', 'retryable', 'unknown'))
);

create index delivery_retry_by_delivery on delivery_retry (delivery_id);

-- How a vendor fares, for all workspaces: providers are the installation's.
create table provider_state (
    name text primary key,
    -- At most so many messages a second, as its owner set it; null: as many as it takes.
    per_second double precision check (per_second > 0),
    -- What holds meanwhile, since the vendor said it was too much; it grows back.
    slowed_to double precision check (slowed_to > 0),
    -- What may go now, and when that was counted.
    tokens double precision not null default 0,
    tokens_at timestamptz,
    -- Turns in a row that the vendor did not answer, and until when it is left alone; then one
    -- message is tried.
    failures integer not null default 0,
    rests_until timestamptz,
    -- What is wrong with our account there: nothing but a try now and then is sent until that is
    -- repaired.
    paused_because text,
    paused_at timestamptz,
    constraint paused_has_reason check ((paused_because is null) = (paused_at is null))
);

-- What one vendor may bring to the mailboxes of one receiver; no row: as much as it takes.
create table provider_domain (
    provider text not null,
    -- The first domain of a receiver that has several (channels/domains.py).
    domain text not null,
    -- At most so many messages a second, as the vendor's owner set it.
    per_second double precision check (per_second > 0),
    -- What may go now, and when that was counted.
    tokens double precision not null default 0,
    tokens_at timestamptz,
    -- Until when the messages that wait have been given a moment to come back.
    line_until timestamptz,
    -- Times in a row that the receiver said it was too much, and until when it is left alone; then
    -- one message is tried.
    failures integer not null default 0,
    rests_until timestamptz,
    primary key (provider, domain),
    constraint rests_after_failure check ((failures > 0) = (rests_until is not null)),
    constraint says_something check (per_second is not null or failures > 0)
);

-- A vendor or sender that is new to the world: at most so many messages a day, and more each day.
create table provider_warm_up (
    provider text primary key,
    start_at integer not null check (start_at > 0),
    growth double precision not null check (growth > 1),
    -- A day that may have so many has no limit any more.
    goal integer not null check (goal > 0),
    -- The last day on which something was sent (Korea), how many such days were before it, and how
    -- many messages it has had.
    day date,
    days_before integer not null default 0,
    taken integer not null default 0
);

create function touch_sent() returns trigger language plpgsql as $$
begin
    insert into segment_touch (workspace_id, customer_id)
    select distinct
        written.workspace_id,
        written.customer_id
    from written
    where
        written.state = 'accepted'
        and exists (select from segment where segment.workspace_id = written.workspace_id);
    return null;
end
$$;

create trigger delivery_touches_when_sent
after update on delivery referencing new table as written
for each statement execute function touch_sent();

-- What a message costs by each vendor, as its owner entered it; what is sent from then on costs
-- that, unless the vendor tells another price of the very message.
create table provider_price (
    provider text not null,
    -- email, sms, lms, mms, alimtalk, brand or push.
    kind text not null,
    price numeric not null check (price >= 0),
    currency text not null default 'KRW' check (currency ~ '^[A-Z]{3}$'),
    primary key (provider, kind)
);

-- Where a tracked link leads. Links carry this id and a signature, never an address.
create table link (
    id bigint generated always as identity primary key,
    workspace_id integer not null references workspace,
    url text not null check (url ~ '^https?://'),
    unique (workspace_id, url)
);

create table receipt (
    id bigint generated always as identity primary key,
    workspace_id integer not null,
    message_id bigint not null references message,
    customer_id bigint not null,
    kind receipt_kind not null,
    occurred_at timestamptz not null,
    -- 1 surely a person, 0 surely a machine.
    human_confidence real not null default 1 check (human_confidence between 0 and 1),
    link_id bigint references link,
    detail text not null default '',
    -- What makes the same report the same: a vendor's id, or the hit's own coordinates.
    dedupe_key text not null,
    -- Of an answer.
    reply reply_kind,
    unique (workspace_id, dedupe_key),
    constraint only_answers_are_replies check (reply is null or kind = 'replied')
);

create index receipt_by_message on receipt (message_id);
create index receipt_by_customer on receipt (customer_id, occurred_at);
create index receipt_by_time on receipt (workspace_id, occurred_at);
-- Hits from one network: see feedback/hits.
create index receipt_by_net on receipt (
    workspace_id, (substring(detail from ' net=([0-9a-f]*) ')), occurred_at
) where detail like 'why=%';

-- What became of a message, by its receipts: openings and clicks count from a confidence on that it
-- was a person. Nulls where nothing is known. Inlined where it is asked for.
create function message_outcome(wanted bigint, likely real)
returns table (
    delivered boolean,
    opened boolean,
    clicked boolean,
    replied boolean,
    complained boolean,
    unsubscribed boolean
)
language sql stable parallel safe as $$
    select
        bool_or(receipt.kind = 'delivered'),
        bool_or(receipt.kind = 'opened' and receipt.human_confidence >= likely),
        bool_or(receipt.kind = 'clicked' and receipt.human_confidence >= likely),
        bool_or(receipt.kind = 'replied'),
        bool_or(receipt.kind = 'complained'),
        bool_or(receipt.kind = 'unsubscribed')
    from receipt
    where receipt.message_id = wanted
$$;

-- What became of messages and is not yet an event: feedback/outcomes.py empties it.
create table untold_outcome (
    id bigint generated always as identity primary key,
    workspace_id integer not null,
    -- One of the two.
    receipt_id bigint,
    delivery_id bigint,
    constraint receipt_or_delivery check ((receipt_id is null) <> (delivery_id is null))
);

create index untold_outcome_by_workspace on untold_outcome (workspace_id, id);

create function await_receipt_event() returns trigger language plpgsql as $$
begin
    insert into untold_outcome (workspace_id, receipt_id)
    select written.workspace_id, written.id
    from written
    inner join workspace on written.workspace_id = workspace.id
    where workspace.message_events;
    return null;
end
$$;

create function await_delivery_event() returns trigger language plpgsql as $$
begin
    insert into untold_outcome (workspace_id, delivery_id)
    select written.workspace_id, written.id
    from written
    inner join before on written.id = before.id
    inner join workspace on written.workspace_id = workspace.id
    where
        written.state in ('accepted', 'rejected')
        and before.state <> written.state
        and workspace.message_events;
    return null;
end
$$;

create trigger receipt_awaits_event
after insert on receipt referencing new table as written
for each statement execute function await_receipt_event();
create trigger delivery_awaits_event
after update on delivery referencing old table as before new table as written
for each statement execute function await_delivery_event();

create trigger receipt_touches_when_new
after insert on receipt referencing new table as written
for each statement execute function touch_written();
create trigger receipt_touches_when_changed
after update on receipt referencing new table as written
for each statement execute function touch_written();

-- What vendors told of messages and of people, each thing once. Callbacks and pollers insert; the
-- tick takes from it. Never a telephone number in the clear, nor what a person wrote.
create table vendor_report (
    id bigint generated always as identity primary key,
    workspace_id integer not null references workspace,
    provider text not null,
    -- What makes the same report the same to its vendor.
    event_id text not null,
    -- A Report (providers/vendor.py) without its recipient.
    report jsonb not null,
    -- The recipient as addresses are found; empty where the report names none.
    address_key text not null default '',
    received_at timestamptz not null,
    -- When the opt-out it is took effect: before the vendor was answered.
    opted_out_at timestamptz,
    taken_at timestamptz,
    unique (workspace_id, provider, event_id)
);

create index vendor_report_waiting on vendor_report (workspace_id, id) where taken_at is null;
create index vendor_report_by_age on vendor_report (received_at);

-- Up to when a vendor has been asked, for what it does not tell by itself.
create table vendor_poll (
    provider text not null,
    question text not null,
    asked_until timestamptz not null,
    primary key (provider, question)
);

-- The Kakao templates that vendors keep for us, as they were last asked. One account at a vendor
-- serves every workspace; a template of ours is told from it by its vendor_code.
create table vendor_template (
    provider text not null,
    channel channel not null default 'kakao_alimtalk',
    code text not null,
    name text not null,
    -- Letter by letter what Kakao looked at.
    body_text text not null,
    -- As in template.
    buttons jsonb not null,
    emphasis_title text not null default '',
    emphasis_subtitle text not null default '',
    state template_state not null,
    -- What the reviewer wrote, or what stopped it; empty where nothing was said.
    comment text not null,
    -- Since when it has been in this state, as far as we have seen.
    since timestamptz not null,
    primary key (provider, channel, code),
    constraint vendor_template_is_of_kakao check (channel in ('kakao_alimtalk', 'kakao_brand'))
);

-- What vendors call the pictures they were given; one account serves every workspace.
create table vendor_picture (
    provider text not null,
    use picture_use not null,
    -- As in picture.
    hash bytea not null,
    file_id text not null,
    uploaded_at timestamptz not null,
    -- When the vendor forgets it; null: it does not say.
    lasts_until timestamptz,
    primary key (provider, hash, use)
);

-- What vendors told of messages that we do not know, or not yet. Without whom it is about.
create table parked_report (
    workspace_id integer not null,
    provider text not null,
    event_id text not null,
    -- What the vendor calls the message; empty where it did not say.
    vendor_id text not null,
    -- vendor.Report, without the recipient.
    report jsonb not null,
    parked_at timestamptz not null,
    primary key (workspace_id, provider, event_id)
);

create index parked_report_by_vendor_id on parked_report (workspace_id, provider, vendor_id);

-- Told to others --------------------------------------------------------------------------------

-- Where a shop's other software hears what happens here.
create table webhook_endpoint (
    id integer generated always as identity primary key,
    workspace_id integer not null references workspace,
    name text not null check (name ~ '^[a-z0-9-]{1,40}$'),
    url text not null check (url ~ '^https?://'),
    -- What it hears of.
    kinds webhook_kind[] not null,
    -- What calls are signed with.
    sealed_secret bytea not null,
    -- The secret before it, with which calls are signed as well for a while.
    previous_secret bytea,
    previous_until timestamptz,
    created_at timestamptz not null,
    -- What else its receiver wants to see with every call: a JSON object, sealed as one.
    sealed_headers bytea,
    header_names text[] not null default '{}' check (cardinality(header_names) <= 10),
    -- Failed calls since the last that went well, and since when there have been nothing else.
    failures integer not null default 0,
    failing_since timestamptz,
    -- Nothing is called before then: too much in a row has failed.
    rests_until timestamptz,
    disabled_at timestamptz,
    disabled_because text,
    unique (workspace_id, name),
    constraint previous_ends check ((previous_secret is null) = (previous_until is null)),
    constraint headers_have_names check ((sealed_headers is null) = (header_names = '{}')),
    constraint failing_has_a_begin check ((failures = 0) = (failing_since is null)),
    constraint disabled_has_reason check ((disabled_at is null) = (disabled_because is null))
);

-- One thing to tell to one endpoint, whatever number of attempts that takes.
--   waiting -> calling, committed before the first byte
--   calling -> delivered | waiting for the next attempt | failed: no attempt is left
--   waiting -> dropped: the customer wants to be forgotten
-- Whoever dies while calling has perhaps called: it is called again, under the same ref.
create table webhook_call (
    id bigint generated always as identity primary key,
    -- What the receiver knows it by, the same at every attempt.
    ref uuid not null unique default gen_random_uuid(),
    workspace_id integer not null,
    endpoint_id integer not null references webhook_endpoint on delete cascade,
    -- Null where it is about nobody: a test.
    customer_id bigint,
    kind webhook_kind not null,
    occurred_at timestamptz not null,
    data jsonb not null,
    state webhook_state not null default 'waiting',
    attempts integer not null default 0,
    due_at timestamptz default '-infinity',
    lease_until timestamptz,
    settled_at timestamptz,
    -- Of a journey's step: whose, which, and the enrollment's count of what it has planned.
    enrollment_id bigint,
    step_id integer,
    visit integer,
    -- What the customer must allow for this to leave.
    purpose purpose,
    -- Somebody stands at the step until the answer is there.
    awaited boolean not null default false,
    -- What the last attempt was answered.
    status integer,
    answer text not null default '',
    constraint waiting_is_due check ((state = 'waiting') = (due_at is not null)),
    constraint calling_has_lease check ((state = 'calling') = (lease_until is not null)),
    constraint settled_when_over check (
        (state in ('waiting', 'calling')) = (settled_at is null)
    )
);

-- A step tells once, however often a crash has it begin anew.
create unique index webhook_call_of_step on webhook_call (enrollment_id, step_id, visit)
where enrollment_id is not null;
create index webhook_call_answered on webhook_call (workspace_id)
where awaited and state in ('delivered', 'failed', 'dropped');
create index webhook_call_asked on webhook_call (customer_id)
where state = 'waiting' and purpose is not null;
create index webhook_call_due on webhook_call (endpoint_id, due_at, id) where state = 'waiting';
create index webhook_call_open on webhook_call (endpoint_id, lease_until) where state = 'calling';
create index webhook_call_by_time on webhook_call (endpoint_id, occurred_at);
create index webhook_call_by_customer on webhook_call (customer_id)
where customer_id is not null;

-- Who a customer is to the shop's other software: our number and the shop's own id.
create function webhook_customer(whom bigint) returns jsonb language sql stable as $$
select jsonb_build_object('id', whom, 'external_id', min(identifier.key))
from identifier
where identifier.customer_id = whom and identifier.kind = 'external'
$$;

-- Plan a call to every endpoint that hears of this, unless the customer wants to be forgotten.
create function tell_webhooks(
    shop integer, whom bigint, what webhook_kind, happened timestamptz, facts jsonb
) returns void language plpgsql as $$
begin
    insert into webhook_call (workspace_id, endpoint_id, customer_id, kind, occurred_at, data)
    select
        shop,
        webhook_endpoint.id,
        whom,
        what,
        happened,
        jsonb_build_object('customer', webhook_customer(whom)) || facts
    from webhook_endpoint
    where
        webhook_endpoint.workspace_id = shop
        and what = any(webhook_endpoint.kinds)
        and webhook_endpoint.disabled_at is null
        and not exists (
            select from customer where customer.id = whom and customer.state = 'erased'
        );
end
$$;

-- What every call about a message says of it.
create function webhook_message(which bigint) returns jsonb language sql stable as $$
select
    jsonb_build_object(
        'message',
        jsonb_build_object(
            'id', message.id,
            'channel', message.channel,
            'purpose', message.purpose,
            'template', template.name,
            'journey', journey.name
        )
    )
from message
inner join template on message.template_id = template.id
inner join journey on message.journey_id = journey.id
where message.id = which
$$;

create function tell_of_receipts() returns trigger language plpgsql as $$
begin
    perform tell_webhooks(
        written.workspace_id,
        written.customer_id,
        ('message.' || written.kind)::webhook_kind,
        written.occurred_at,
        webhook_message(written.message_id) || jsonb_build_object(
            'human_confidence', written.human_confidence,
            'link', (select link.url from link where link.id = written.link_id)
        )
    )
    from written
    where exists (
        select from webhook_endpoint
        where
            webhook_endpoint.workspace_id = written.workspace_id
            and ('message.' || written.kind)::webhook_kind = any(webhook_endpoint.kinds)
    );
    return null;
end
$$;

create function tell_of_deliveries() returns trigger language plpgsql as $$
begin
    perform tell_webhooks(
        written.workspace_id,
        written.customer_id,
        case written.state when 'accepted' then 'message.sent' else 'message.failed' end
        ::webhook_kind,
        written.settled_at,
        webhook_message(written.message_id) || jsonb_build_object('code', written.code)
    )
    from written
    inner join before on written.id = before.id
    where
        written.state in ('accepted', 'rejected')
        and before.state <> written.state
        and exists (
            select from webhook_endpoint
            where
                webhook_endpoint.workspace_id = written.workspace_id
                and webhook_endpoint.kinds && '{message.sent,message.failed}'
        );
    return null;
end
$$;

create function tell_of_skips() returns trigger language plpgsql as $$
begin
    perform tell_webhooks(
        written.workspace_id,
        written.customer_id,
        'message.skipped',
        written.decided_at,
        webhook_message(written.message_id) || jsonb_build_object('reason', written.reason)
    )
    from written
    where written.verdict = 'skip';
    return null;
end
$$;

create function tell_of_consents() returns trigger language plpgsql as $$
begin
    perform tell_webhooks(
        written.workspace_id,
        written.customer_id,
        'consent.changed',
        written.occurred_at,
        jsonb_build_object(
            'channel', written.channel,
            'purpose', written.purpose,
            'action', written.action,
            'state', written.imported_state,
            'source', written.source
        ) || jsonb_strip_nulls(jsonb_build_object('collection', written.collection))
    )
    from written
    where exists (
        select from webhook_endpoint
        where
            webhook_endpoint.workspace_id = written.workspace_id
            and 'consent.changed' = any(webhook_endpoint.kinds)
    );
    return null;
end
$$;

create function tell_of_entries() returns trigger language plpgsql as $$
begin
    perform tell_webhooks(
        written.workspace_id,
        written.customer_id,
        'journey.entered',
        written.entered_at,
        jsonb_build_object('journey', journey.name, 'enrollment', written.id)
    )
    from written
    inner join journey on written.journey_id = journey.id;
    return null;
end
$$;

create function tell_of_ends() returns trigger language plpgsql as $$
begin
    perform tell_webhooks(
        written.workspace_id,
        written.customer_id,
        'journey.ended',
        written.ended_at,
        jsonb_build_object(
            'journey', journey.name, 'enrollment', written.id, 'reason', written.end_reason
        )
    )
    from written
    inner join before on written.id = before.id
    inner join journey on written.journey_id = journey.id
    where written.state = 'ended' and before.state <> 'ended';
    return null;
end
$$;

create function tell_of_conversions() returns trigger language plpgsql as $$
begin
    perform tell_webhooks(
        written.workspace_id,
        written.customer_id,
        'journey.converted',
        written.occurred_at,
        jsonb_build_object(
            'journey', journey.name,
            'enrollment', written.enrollment_id,
            'revenue', written.revenue,
            'currency', written.currency
        )
    )
    from written
    inner join journey on written.journey_id = journey.id;
    return null;
end
$$;

create trigger receipt_tells after insert on receipt referencing new table as written
for each statement execute function tell_of_receipts();
create trigger delivery_tells after update on delivery
referencing old table as before new table as written
for each statement execute function tell_of_deliveries();
create trigger consent_entry_tells after insert on consent_entry referencing new table as written
for each statement execute function tell_of_consents();
create trigger decision_tells after insert on decision referencing new table as written
for each statement execute function tell_of_skips();
create trigger enrollment_tells_of_entries
after insert on enrollment referencing new table as written
for each statement execute function tell_of_entries();
create trigger enrollment_tells_of_ends
after update on enrollment referencing old table as before new table as written
for each statement execute function tell_of_ends();
create trigger conversion_tells after insert on conversion referencing new table as written
for each statement execute function tell_of_conversions();

-- A tick that moves a million people writes a million of these rows. Nothing is kept aside of them
-- for nobody: the triggers rest until somebody wants to hear.
alter table decision disable trigger decision_tells;
alter table enrollment disable trigger enrollment_tells_of_entries;
alter table enrollment disable trigger enrollment_tells_of_ends;
alter table conversion disable trigger conversion_tells;

-- Let the tables of the tick tell, from the first endpoint on that wants to hear of them.
create function hear_of_ticks() returns trigger language plpgsql as $$
begin
    if exists (select from written where 'message.skipped' = any(written.kinds)) then
        alter table decision enable trigger decision_tells;
    end if;
    if exists (select from written where 'journey.entered' = any(written.kinds)) then
        alter table enrollment enable trigger enrollment_tells_of_entries;
    end if;
    if exists (select from written where 'journey.ended' = any(written.kinds)) then
        alter table enrollment enable trigger enrollment_tells_of_ends;
    end if;
    if exists (select from written where 'journey.converted' = any(written.kinds)) then
        alter table conversion enable trigger conversion_tells;
    end if;
    return null;
end
$$;

create trigger webhook_endpoint_hears
after insert on webhook_endpoint referencing new table as written
for each statement execute function hear_of_ticks();
-- Where somebody has stopped reacting: noted now and then, of no weight once they react again.
create table silence (
    workspace_id integer not null,
    customer_id bigint not null references customer,
    channel channel not null,
    -- Advertising since they last reacted, and when the first of it left.
    messages integer not null check (messages > 0),
    since timestamptz not null,
    -- Whether it has lasted as long as the shop's sunset says.
    sunset boolean not null,
    -- Whether they ignore every channel but still visit.
    visits boolean not null default false,
    noted_at timestamptz not null,
    primary key (customer_id, channel)
);

create index silence_by_workspace on silence (workspace_id);

-- What silences still count of advertising whose rows are deleted: what left since the customer
-- last reacted, or gave consent, and when they last reacted to any of it.
create table silence_total (
    workspace_id integer not null,
    customer_id bigint not null references customer,
    channel channel not null,
    messages integer not null check (messages >= 0),
    -- When the first and the last of it left; null where there is none.
    since timestamptz,
    until timestamptz,
    heard_at timestamptz,
    primary key (customer_id, channel),
    constraint counted_has_times check ((messages = 0) = (since is null and until is null))
);

create index silence_total_by_workspace on silence_total (workspace_id);

-- When a customer usually reacts on a channel, where their own reactions tell: noted once a day.
create table send_hour (
    workspace_id integer not null,
    customer_id bigint not null references customer,
    channel channel not null,
    -- The first of three hours of the day where the customer lives.
    hour integer not null check (hour between 0 and 23),
    noted_at timestamptz not null,
    primary key (customer_id, channel)
);

create index send_hour_by_workspace on send_hour (workspace_id);

-- A message that was stopped because too many opted out of it, until somebody lets it go on.
create table journey_stop (
    id integer generated always as identity primary key,
    workspace_id integer not null references workspace,
    journey_id integer not null references journey,
    template_id integer not null references template,
    -- How many got it, how many of them opted out or complained, and what at least the share is.
    sent integer not null,
    opt_outs integer not null,
    share_at_least real not null,
    opt_out_limit real not null,
    stopped_at timestamptz not null,
    -- Of a message that vendors refuse for what it says: what they said; null: of opt-outs.
    refused_because text,
    resumed_at timestamptz,
    resumed_by text,
    constraint resumed_by_somebody check ((resumed_at is null) = (resumed_by is null))
);

-- How often in a row vendors refused a message for what it says, or it could not be written.
create table content_fault (
    journey_id integer not null references journey,
    template_id integer not null references template,
    times integer not null check (times > 0),
    said text not null,
    primary key (journey_id, template_id)
);

create unique index journey_stop_open on journey_stop (journey_id, template_id)
where resumed_at is null;

-- Forgotten --------------------------------------------------------------------------------------

-- Somebody's wish to be forgotten, and how far it has come. The erasure log, a file kept apart from
-- the database, says the same, so that a restored copy can be made to forget them again.
create table erasure (
    ref uuid primary key,
    workspace_id integer not null,
    -- Null where a restored database no longer knows them.
    customer_id bigint,
    state erasure_state not null,
    -- Keyed hashes of what they were recognised by.
    keys text[] not null,
    -- Who had it done: a command, a member, a server key.
    asked_by text not null,
    asked_at timestamptz not null,
    done_at timestamptz,
    constraint done_has_a_time check ((state = 'done') = (done_at is not null))
);

create index erasure_by_customer on erasure (customer_id);
create index erasure_open on erasure (workspace_id, asked_at) where state <> 'done';

-- What is kept how long -------------------------------------------------------------------------

-- One night's deleting of what is older than its purpose's period. A row without an end is one
-- whose tables are done and whose lake is not: whoever comes next goes on with it.
create table retention_run (
    id bigint generated always as identity primary key,
    workspace_id integer not null references workspace,
    begun_at timestamptz not null,
    finished_at timestamptz,
    -- What is to leave the lake: [{"purpose", "days", "before", "names", "up_to", "events"}].
    cuts jsonb not null,
    -- How far the lake had come then: what it takes later stays until the next run.
    flushed_by xid8 not null,
    flushed_to bigint not null,
    -- How many went: {"events": {"<purpose>": n}, "traits": {"<purpose>": n}, "accesses": n}.
    counts jsonb not null
);

create index retention_run_by_workspace on retention_run (workspace_id, begun_at);
create unique index retention_run_open on retention_run (workspace_id) where finished_at is null;

-- Who saw whose data ---------------------------------------------------------------------------

-- Every time somebody saw data about people: append-only, kept a year, two from 50,000 people on.
create table access_entry (
    id bigint generated always as identity primary key,
    workspace_id integer not null references workspace,
    seen_at timestamptz not null,
    by_kind access_by not null,
    -- A member's e-mail, a key's number, the account of the machine that ran a command.
    by_whom text not null,
    -- A member's, at that time.
    role member_role,
    -- From which network address; empty for a command.
    from_address text not null default '',
    what text not null check (what <> ''),
    -- What for, where that was asked.
    reason text not null default '',
    subjects integer not null check (subjects > 0),
    -- Who they were, where they were few.
    customer_ids bigint[] not null default '{}'
);

create index access_entry_by_workspace on access_entry (workspace_id, id);
create index access_entry_by_time on access_entry (workspace_id, seen_at);
create index access_entry_by_customer on access_entry using gin (customer_ids);

-- Refuse every change, and every removal of what is younger than a year before the newest entry.
create function refuse_access_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and old.seen_at < (
        select max(entry.seen_at)
        from access_entry as entry
        where entry.workspace_id = old.workspace_id
    ) - interval '1 year' then
        return old;
    end if;
    raise exception 'access_entry is append-only: what was seen stays seen';
end
$$;

create trigger access_entry_is_append_only
before update or delete on access_entry
for each row execute function refuse_access_change();
create trigger access_entry_is_never_emptied
before truncate on access_entry
for each statement execute function refuse_ledger_change();

revoke update, truncate on access_entry from current_user, public;

-- Who is shown advertising elsewhere -------------------------------------------------------------

create type ad_network as enum ('meta', 'google');
create type audience_member_state as enum ('adding', 'added', 'leaving');
-- Why somebody of the segment is not in the audience.
create type audience_reason as enum (
    'no_address', 'no_consent', 'suppressed', 'over_cap', 'over_most'
);

-- Customers whose addresses an ad network is given, hashed: a segment feeds it.
create table audience (
    id integer generated always as identity primary key,
    workspace_id integer not null references workspace,
    name text not null,
    segment_id integer not null references segment,
    network ad_network not null,
    -- What the network calls it.
    network_ref text not null check (network_ref <> ''),
    -- Which addresses are given, each with a consent of its own.
    channels channel[] not null,
    -- At most so many addresses.
    most integer not null check (most between 1 and 1000000),
    -- From then on everybody is taken out, and nobody comes in.
    ends_at timestamptz not null,
    -- The same, by somebody's wish.
    removed_at timestamptz,
    -- Since then nobody comes in; whoever may not be in it any more leaves all the same.
    paused_at timestamptz,
    created_at timestamptz not null,
    -- When it is looked for who comes in.
    due_at timestamptz not null,
    synced_at timestamptz,
    -- Of the segment, how many addresses are left out, by audience_reason.
    left_out jsonb not null default '{}',
    -- What the network said last, where it was no yes.
    fault text not null default '',
    constraint networks_are_given_two_addresses check (
        cardinality(channels) > 0 and channels <@ array['email', 'sms']::channel[]
    )
);

create unique index audience_by_name on audience (workspace_id, name) where removed_at is null;

-- Whose address the network was given, or is about to be: adding -> added -> leaving -> gone. A row
-- stands before its call and goes after it, so that nobody is forgotten there.
create table audience_member (
    workspace_id integer not null,
    audience_id integer not null references audience,
    customer_id bigint not null,
    channel channel not null,
    -- Keyed hash of the address, as address has it.
    address_key text not null,
    -- The hashes that the network has, sealed under the workspace's key: they must be known for
    -- taking somebody out whose own key is destroyed.
    hashed bytea not null,
    state audience_member_state not null default 'adding',
    changed_at timestamptz not null,
    primary key (audience_id, customer_id, channel)
);

create index audience_member_by_customer on audience_member (customer_id);
create index audience_member_open on audience_member (audience_id, state)
where state <> 'added';

-- The addresses of a segment's members that an audience is about, and what keeps each out of it:
-- null where nothing does. Who has had as many messages as a cap allows is over it. Where several
-- customers have one address, it takes a no of only one of them.
create function audience_candidates(wanted integer, as_of timestamptz)
returns table (
    customer_id bigint, channel channel, address_key text, reason audience_reason
)
language sql stable as $$
    select
        membership.customer_id,
        given.channel,
        address.key,
        case
            when address.key is null then 'no_address'::audience_reason
            when
                consent.state is distinct from 'granted'
                or exists (
                    select
                    from address as shared
                    inner join consent as said on shared.customer_id = said.customer_id
                    where
                        shared.workspace_id = audience.workspace_id
                        and shared.channel = given.channel
                        and shared.key = address.key
                        and said.channel = given.channel
                        and said.purpose = 'ad_audience'
                        and said.state <> 'granted'
                )
                then 'no_consent'
            when exists (
                select
                from suppression
                where
                    suppression.workspace_id = audience.workspace_id
                    and suppression.channel = given.channel
                    and suppression.address_key = address.key
            ) then 'suppressed'
            when exists (
                select
                from (
                    select
                        each.channel,
                        workspace.cap_messages as messages,
                        workspace.cap_days as days
                    from workspace
                    cross join unnest(enum_range(null::channel)) as each (channel)
                    where workspace.id = audience.workspace_id
                    union all
                    select
                        message_cap.channel,
                        message_cap.messages,
                        message_cap.days
                    from message_cap
                    where
                        message_cap.workspace_id = audience.workspace_id
                        and message_cap.topic_id is null
                ) as cap
                where
                    cap.messages <= (
                        select count(*)
                        from message
                        where
                            message.customer_id = membership.customer_id
                            and message.purpose = 'marketing'
                            and message.state in ('allowed', 'handed')
                            and message.channel = coalesce(cap.channel, message.channel)
                            and message.allowed_at > as_of - make_interval(days => cap.days)
                    )
            ) then 'over_cap'
        end as reason
    from audience
    inner join membership on audience.segment_id = membership.segment_id
    inner join customer on membership.customer_id = customer.id
    cross join unnest(audience.channels) as given (channel)
    left join address
        on
            membership.customer_id = address.customer_id
            and given.channel = address.channel
            and address.state = 'reachable'
    left join consent
        on
            membership.customer_id = consent.customer_id
            and given.channel = consent.channel
            and consent.purpose = 'ad_audience'
    where
        audience.id = wanted
        and audience.removed_at is null
        and audience.ends_at > as_of
        and customer.state = 'active'
$$;
