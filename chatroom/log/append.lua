-- Appends drafts to a room's log, all or none, and publishes what was appended. The rules are in base.py.
--
-- KEYS  meta, entries, origins, snapshot
-- ARGV  one MessagePack array, `Order` in redis_wire.py
-- An entry is stored as nonce (8) .. at (13 digits) .. origin (16) .. fingerprint (16) .. link (20) .. sealed; origin and
-- fingerprint are zeros unless it is the first of its draft.
-- Answers {'ok', head before, at, kind and offset for each draft}, kind being new, duplicate or reused; or one of
-- {'gone'}  {'lost'} the log is not the one the caller knows, was begun on another run of a server, or lacks a part
-- {'conflict'}  {'snapshot'} one is needed  {'settling'} it was seeded just now: who knows more may still say so

local NONCE, AT, BY, HEADER = 8, 21, 53, 73
local NO_ORIGIN = string.rep('\0', 32)
local meta_key, entries_key, origins_key, snapshot_key = unpack(KEYS)
local channel, expires_at, decided_at, keep, snapshot, seen_epoch, seen_offset, seen_nonce, most_behind, drafts =
  unpack(cmsgpack.unpack(ARGV[1]))

local meta = redis.call('HMGET', meta_key, 'epoch', 'base', 'rules', 'erased', 'snapshot_offset', 'run', 'settles_at', 'ends_at')
local epoch, base, rules, erased, snapshot_offset =
  meta[1], tonumber(meta[2]), tonumber(meta[3]), tonumber(meta[4]), tonumber(meta[5])
if not epoch then
  return redis.call('EXISTS', entries_key, origins_key, snapshot_key) > 0 and {'lost'} or {'gone'}
end
local kept = redis.call('LLEN', entries_key)
if kept == 0 then
  return {'lost'}
end
local head = base + kept

local function stored(offset)
  return redis.call('LINDEX', entries_key, offset - base - 1)
end

if not string.find(redis.call('INFO', 'server'), 'run_id:' .. meta[6], 1, true) then
  return {'lost'}
end
-- Without a snapshot the entries tell everything, or the state is lost; origins stand in the entries as well.
if snapshot_offset > 0 and redis.call('EXISTS', snapshot_key) == 0 then
  if base > 0 then
    return {'lost'}
  end
  snapshot_offset = 0
end
if redis.call('EXISTS', origins_key) == 0 then
  for i, entry in ipairs(redis.call('LRANGE', entries_key, 0, -1)) do
    local by = string.sub(entry, AT + 1, BY)
    if by ~= NO_ORIGIN then
      redis.call('HSET', origins_key, string.sub(by, 1, 16), string.sub(by, 17) .. base + i)
      redis.call('PEXPIREAT', origins_key, expires_at)
    end
  end
end

local newest = stored(head)
if seen_offset > 0 then
  if seen_epoch ~= epoch or seen_offset > head then
    return {'lost'}
  end
  local seen = seen_offset == head and newest or seen_offset > base and stored(seen_offset)
  if seen and string.sub(seen, 1, NONCE) ~= seen_nonce then
    return {'lost'}
  end
end

-- What is new, what was stored before, and whether it erases what the snapshot holds.
local answer, fresh, in_batch = {'ok', head, 0}, {}, {}
local next_offset = head + 1
local erases_in_snapshot, changed = false, rules
for _, draft in ipairs(drafts) do
  local origin, fingerprint, _, events, erasures, exact = unpack(draft)
  local before = in_batch[origin] or redis.call('HGET', origins_key, origin)
  if before then
    answer[#answer + 1] = string.sub(before, 1, 16) == fingerprint and 'duplicate' or 'reused'
    answer[#answer + 1] = tonumber(string.sub(before, 17))
  elseif next_offset - seen_offset > most_behind then
    return {'conflict'}
  else
    answer[#answer + 1] = 'new'
    answer[#answer + 1] = next_offset
    in_batch[origin] = fingerprint .. next_offset
    fresh[#fresh + 1] = draft
    next_offset = next_offset + #events
    changed = exact and head or changed
    for _, erasure in ipairs(erasures) do
      erases_in_snapshot = erases_in_snapshot or erasure[1] > 0 and erasure[1] <= snapshot_offset
    end
  end
end
if #fresh == 0 then
  return answer
end
if changed > decided_at then
  return {'conflict'}
end
if erases_in_snapshot and snapshot == '' then
  return {'snapshot'}
end
-- A snapshot of an earlier state holds what was erased since.
local snapshot_fits = decided_at >= base and decided_at >= erased
if erases_in_snapshot and not snapshot_fits then
  return {'conflict'}
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
if now < tonumber(meta[7]) then
  return {'settling'}
end

-- From here on everything is written.
local at = math.max(now, tonumber(string.sub(newest, NONCE + 1, AT)))
local stamp = string.format('%013.0f', at)
answer[3] = at

local message = {epoch, struct.pack('>I4', head + 1)}
for _, draft in ipairs(fresh) do
  local origin, fingerprint, last_rule, events, erasures = unpack(draft)
  for _, erasure in ipairs(erasures) do
    local offset, sealed = unpack(erasure)
    if sealed ~= '' and offset > base and offset <= head then
      redis.call('LSET', entries_key, offset - base - 1, string.sub(stored(offset), 1, HEADER) .. sealed)
    end
    erased = head + 1
  end
  if last_rule > 0 then
    rules = head + last_rule
  end
  redis.call('HSET', origins_key, origin, fingerprint .. head + 1)
  local by = origin .. fingerprint
  for _, event in ipairs(events) do
    local entry = string.sub(event, 1, NONCE) .. stamp .. by .. string.sub(event, NONCE + 1)
    redis.call('RPUSH', entries_key, entry)
    message[#message + 1] = struct.pack('>I4', #entry) .. entry
    by = NO_ORIGIN
  end
  head = head + #events
end

if snapshot ~= '' and snapshot_fits and (erases_in_snapshot or decided_at > snapshot_offset) then
  redis.call('SET', snapshot_key, snapshot)
  snapshot_offset = decided_at
end

for _ = base + 1, math.min(snapshot_offset, head - keep) do
  local by = string.sub(redis.call('LPOP', entries_key), AT + 1, BY)
  if by ~= NO_ORIGIN then
    redis.call('HDEL', origins_key, string.sub(by, 1, 16))
  end
  base = base + 1
end

-- Most appends change nothing in `meta`; then only the origins may be a new key.
local ends_at = string.format('%.0f', expires_at)
if tonumber(meta[2]) ~= base or tonumber(meta[3]) ~= rules or tonumber(meta[4]) ~= erased
  or tonumber(meta[5]) ~= snapshot_offset or meta[8] ~= ends_at then
  redis.call('HSET', meta_key, 'base', base, 'rules', rules, 'erased', erased, 'snapshot_offset', snapshot_offset,
    'ends_at', ends_at)
  redis.call('PEXPIREAT', meta_key, expires_at)
  redis.call('PEXPIREAT', entries_key, expires_at)
  redis.call('PEXPIREAT', snapshot_key, expires_at)
end
redis.call('PEXPIREAT', origins_key, expires_at)
redis.call('PUBLISH', channel, table.concat(message))
return answer
