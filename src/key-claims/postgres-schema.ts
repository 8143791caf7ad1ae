/** The table of keys and its one procedure, in a schema of their own: it may be dropped, and is made anew. */

/** Any number, as long as nobody else in this database locks by it. */
const PREPARING_LOCK = 7_305_114

const TABLE = `
do $$ begin
  perform pg_advisory_xact_lock(${PREPARING_LOCK});
  if to_regclass('key_claims.claims') is null then
    create schema if not exists key_claims;
    -- Room on the page lets a row be marked as used in place, without new entries in the indexes.
    create table key_claims.claims (
      principal text collate "C" not null,
      key text collate "C" not null,
      command text not null,
      fingerprint text not null,
      state text not null check (state in ('running', 'used')),
      holder bigint not null,
      ticket bigint not null,
      claimed_at timestamptz not null,
      primary key (principal, key)
    ) with (fillfactor = 70);
    create index claims_by_age on key_claims.claims (claimed_at);
  end if;
end $$;`

/**
 * Settles claims and takes others, in one round trip. Each step is a transaction of one statement that takes its rows in
 * the order of the keys, so that no two callers wait for each other. A holder lives while its session holds the advisory lock of
 * its number: whoever gets a share of that lock has found it dead. The answer names those that were not granted.
 */
const SETTLE_AND_CLAIM = `
create or replace procedure key_claims.settle_and_claim(
  settled_principals text[], settled_keys text[], settled_holders bigint[], settled_tickets bigint[], settled_used boolean[],
  claimant bigint, lifetime interval,
  claimed_principals text[], claimed_keys text[], commands text[], fingerprints text[], claimed_tickets bigint[],
  inout nths int[], inout held_commands text[], inout held_fingerprints text[], inout held_used boolean[]
) language plpgsql as $$
declare
  claimed_at timestamptz;
  granted bigint;
begin
  if cardinality(settled_keys) > 0 then
    update key_claims.claims c set state = 'used'
      from (
        select * from unnest(settled_principals, settled_keys, settled_holders, settled_tickets, settled_used)
          as s (principal, key, holder, ticket, used)
        where used order by principal collate "C", key collate "C"
      ) s
      where c.state = 'running'
        and (c.principal, c.key, c.holder, c.ticket) = (s.principal, s.key, s.holder, s.ticket);
    commit;
    if false = any (settled_used) then
      delete from key_claims.claims c
        using (
          select * from unnest(settled_principals, settled_keys, settled_holders, settled_tickets, settled_used)
            as s (principal, key, holder, ticket, used)
          where not used order by principal collate "C", key collate "C"
        ) s
        where c.state = 'running'
          and (c.principal, c.key, c.holder, c.ticket) = (s.principal, s.key, s.holder, s.ticket);
      commit;
    end if;
  end if;
  if cardinality(claimed_keys) > 0 then
    claimed_at := clock_timestamp();
    insert into key_claims.claims as c (principal, key, command, fingerprint, state, holder, ticket, claimed_at)
      select k.principal, k.key, k.command, k.fingerprint, 'running', claimant, k.ticket, claimed_at
      from unnest(claimed_principals, claimed_keys, commands, fingerprints, claimed_tickets)
        as k (principal, key, command, fingerprint, ticket)
      order by k.principal collate "C", k.key collate "C"
      on conflict (principal, key) do update
        set command = excluded.command, fingerprint = excluded.fingerprint,
          holder = excluded.holder, ticket = excluded.ticket, claimed_at = excluded.claimed_at
        where c.state = 'running' and (
          c.claimed_at < excluded.claimed_at - lifetime
          or (c.holder <> excluded.holder and pg_try_advisory_xact_lock_shared(c.holder)));
    get diagnostics granted = row_count;
    if granted < cardinality(claimed_keys) then
      select array_agg(k.nth - 1), array_agg(c.command), array_agg(c.fingerprint), array_agg(c.state = 'used')
        into nths, held_commands, held_fingerprints, held_used
        from unnest(claimed_principals, claimed_keys, claimed_tickets)
          with ordinality as k (principal, key, ticket, nth)
        join key_claims.claims c using (principal, key)
        where (c.holder, c.ticket) <> (claimant, k.ticket);
    end if;
  end if;
end $$;`

/** One implicit transaction; harmless where it was done before, also by several at once. */
export const PREPARE_CLAIMS = `${TABLE}\n${SETTLE_AND_CLAIM}`
