-- Replaces a room's log, or brings back one that is lost, under a new epoch; if it still is what the caller found.
-- KEYS  meta, entries, origins, snapshot
-- ARGV  one MessagePack array, `Seed` in redis_wire.py
-- Answers 1, or 0 when the log is another one by now.

local NONCE, AT, BY = 8, 21, 53
local NO_ORIGIN = string.rep('\0', 32)
local meta_key, entries_key, origins_key, snapshot_key = unpack(KEYS)
local channel, found_epoch, found_nonce, epoch, expires_at, settle_ms, base, snapshot, entries =
  unpack(cmsgpack.unpack(ARGV[1]))

local meta = redis.call('HMGET', meta_key, 'epoch', 'run', 'settles_at')
local nonce = string.sub(redis.call('LINDEX', entries_key, -1) or '', 1, NONCE)
if (meta[1] or '') ~= found_epoch or meta[1] and nonce ~= found_nonce then
  return 0
end

local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
local time = redis.call('TIME')
local settles_at = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) + settle_ms
if meta[2] == run then
  settles_at = tonumber(meta[3])
end

redis.call('DEL', unpack(KEYS))
for i, entry in ipairs(entries) do
  redis.call('RPUSH', entries_key, entry)
  local by = string.sub(entry, AT + 1, BY)
  if by ~= NO_ORIGIN then
    redis.call('HSET', origins_key, string.sub(by, 1, 16), string.sub(by, 17) .. base + i)
  end
end
local head = base + #entries
redis.call('SET', snapshot_key, snapshot)
redis.call('HSET', meta_key, 'epoch', epoch, 'base', base, 'rules', head, 'erased', head, 'snapshot_offset', head,
  'run', run, 'settles_at', settles_at)
for _, key in ipairs(KEYS) do
  redis.call('PEXPIREAT', key, expires_at)
end
redis.call('PUBLISH', channel, epoch)
return 1
