/** The event log in PostgreSQL: its tables, their guards, and the function that appends a batch (architecture 4). */

/** Owns the log; nobody logs in as it, and only the append function acts as it. */
export const OWNER_ROLE = 'folio_log_owner'

/** What the application works as: it reads, and appends through the function. */
export const APPLICATION_ROLE = 'folio_application'

export const CHANNEL = 'event_log'

const TABLES = `
-- Counted ids keep new streams together in the index of events, which random names would scatter all over it.
create table event_log.streams (
  id bigint generated always as identity unique,
  name text collate "C" primary key,
  revision int not null
) with (fillfactor = 80);

create table event_log.events (
  position bigint primary key,
  stream_id bigint not null,
  stream text collate "C" not null,
  revision int not null,
  event_id uuid not null,
  type text collate "C" not null,
  data text collate "C" not null,
  metadata text collate "C" not null,
  recorded_at timestamptz not null default clock_timestamp(),
  unique (stream_id, revision)
);
comment on column event_log.events.recorded_at is 'For the lag only; what counts stands in the event.';

create table event_log.log_head (
  only_row boolean primary key default true check (only_row),
  position bigint not null
) with (fillfactor = 10);
insert into event_log.log_head (position) values (0);

create table event_log.log_identity (
  only_row boolean primary key default true check (only_row),
  identity uuid not null
);
insert into event_log.log_identity (identity) values (gen_random_uuid());`

const GUARDS = `
create function event_log.refuse_change() returns trigger
language plpgsql set search_path to pg_catalog, pg_temp as $$
begin
  raise exception '% on %.%: the event log is append-only', tg_op, tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege';
end $$;

create function event_log.refuse_change_by_hand() returns trigger
language plpgsql set search_path to pg_catalog, pg_temp as $$
begin
  if (select relowner from pg_class where oid = tg_relid)
    <> (select oid from pg_roles where rolname = current_user) then
    raise exception '% on %.%: only event_log.append_batch writes the event log',
      tg_op, tg_table_schema, tg_table_name using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;

create trigger refuse_change before update or delete or truncate on event_log.events
  for each statement execute function event_log.refuse_change();
create trigger refuse_change before update or delete or truncate on event_log.log_identity
  for each statement execute function event_log.refuse_change();
create trigger refuse_change before delete or truncate on event_log.streams
  for each statement execute function event_log.refuse_change();
create trigger refuse_change before delete or truncate on event_log.log_head
  for each statement execute function event_log.refuse_change();
create trigger refuse_change_by_hand before insert on event_log.events
  for each statement execute function event_log.refuse_change_by_hand();
create trigger refuse_change_by_hand before insert or update on event_log.streams
  for each statement execute function event_log.refuse_change_by_hand();
create trigger refuse_change_by_hand before insert or update on event_log.log_head
  for each statement execute function event_log.refuse_change_by_hand();
-- Always: neither session_replication_role nor a replica's apply gets around them.
alter table event_log.events enable always trigger refuse_change;
alter table event_log.log_identity enable always trigger refuse_change;
alter table event_log.streams enable always trigger refuse_change;
alter table event_log.log_head enable always trigger refuse_change;`

/**
 * Appends are numbered from 1; -1 stands for "no stream". Answers a row per append, in order: with a position, it was
 * appended (now or before) and ends at this revision; without, the stream stands at this revision.
 * Plans are forced onto the indexes, because a plan made over an empty table is kept while the table grows.
 */
const APPEND_BATCH = `
create function event_log.append_batch(
  stream_names text[],
  append_stream int[], append_expected int[], append_size int[],
  event_append int[], event_nth int[], event_stream text[],
  event_ids uuid[], event_types text[], event_data text[], event_metadata text[]
) returns table (revision int, "position" bigint)
language plpgsql security definer
set search_path to pg_catalog, pg_temp
set plan_cache_mode to force_generic_plan
set enable_seqscan to off
set enable_hashjoin to off
set enable_mergejoin to off
set jit to off
as $$
#variable_conflict use_column
declare
  current_revision int[] := array_fill(-1, array[cardinality(stream_names)]);
  created_ids bigint[];
  stream_ids bigint[] := array_fill(-1::bigint, array[cardinality(stream_names)]);
  first_offset bigint[] := array_fill(-1::bigint, array[cardinality(append_stream)]);
  answer_revision int[] := array_fill(-1, array[cardinality(append_stream)]);
  answer_position bigint[] := array_fill(null::bigint, array[cardinality(append_stream)]);
  appended bigint := 0;
  refused boolean := false;
  place int;
  log_end bigint;
  stored record;
begin
  -- Streams to be created, then those that are there: both in one order, so that no two batches wait in a ring.
  -- A new stream with one append has its revision from the start, which saves the update.
  with created as (
    insert into event_log.streams (name, revision)
    select wanted.name, case when count(*) = 1 then max(wanted.size) - 1 else -1 end
    from (
      select stream_names[append.stream] collate "C" as name, append.expected, append.size
      from unnest(append_stream, append_expected, append_size) as append (stream, expected, size)
    ) as wanted
    group by wanted.name
    having bool_or(wanted.expected = -1)
    order by wanted.name
    on conflict (name) do nothing
    returning id
  )
  select coalesce(array_agg(created.id), '{}') into created_ids from created;

  for stored in
    select wanted.place, streams.id,
      case when streams.id = any (created_ids) then -1 else streams.revision end as revision
    from unnest(stream_names) with ordinality as wanted (name, place)
    join event_log.streams on streams.name = wanted.name collate "C"
    order by streams.name
    for update of streams
  loop
    current_revision[stored.place] := stored.revision;
    stream_ids[stored.place] := stored.id;
  end loop;

  for append in 1 .. cardinality(append_stream) loop
    place := append_stream[append];
    if append_expected[append] = current_revision[place] then
      first_offset[append] := appended;
      appended := appended + append_size[append];
      current_revision[place] := current_revision[place] + append_size[append];
    else
      refused := true;
    end if;
    answer_revision[append] := current_revision[place];
  end loop;

  if appended > 0 then
    update event_log.streams set revision = wanted.revision
    from unnest(stream_names, current_revision) as wanted (name, revision)
    where streams.name = wanted.name collate "C" and streams.revision <> wanted.revision;

    -- The last lock: from here to the end of the commit nobody else has a position, so positions have no hole and
    -- stand in the order of commits.
    update event_log.log_head set position = position + appended returning position into log_end;

    insert into event_log.events (position, stream_id, stream, revision, event_id, type, data, metadata)
    select log_end - appended + first_offset[event.append] + event.nth,
      stream_ids[append_stream[event.append]], event.stream, append_expected[event.append] + event.nth,
      event.id, event.type, event.data, event.metadata
    from unnest(event_append, event_nth, event_stream, event_ids, event_types, event_data, event_metadata)
      as event (append, nth, stream, id, type, data, metadata)
    where first_offset[event.append] >= 0;

    for append in 1 .. cardinality(append_stream) loop
      if first_offset[append] >= 0 then
        answer_position[append] := log_end - appended + first_offset[append] + append_size[append];
      end if;
    end loop;
    perform pg_notify('${CHANNEL}', log_end::text);
  end if;

  if refused then
    -- The very same events at the very same place are no conflict but the answer of the first time.
    for stored in
      select event.append, count(*) as size, max(events.position) as last
      from unnest(event_append, event_nth, event_stream, event_ids, event_types, event_data, event_metadata)
        as event (append, nth, stream, id, type, data, metadata)
      join event_log.events on events.stream_id = stream_ids[append_stream[event.append]]
        and events.revision = append_expected[event.append] + event.nth
        and events.event_id = event.id and events.type = event.type collate "C"
        and events.data = event.data collate "C" and events.metadata = event.metadata collate "C"
      where first_offset[event.append] = -1
      group by event.append
    loop
      if stored.size = append_size[stored.append] then
        answer_revision[stored.append] := append_expected[stored.append] + append_size[stored.append];
        answer_position[stored.append] := stored.last;
      end if;
    end loop;
  end if;

  return query select * from unnest(answer_revision, answer_position);
end $$;
revoke all on function event_log.append_batch from public;`

/** In order; one that was released is never changed, only followed by another. */
export const MIGRATIONS: readonly string[] = [`${TABLES}\n${GUARDS}\n${APPEND_BATCH}`]
