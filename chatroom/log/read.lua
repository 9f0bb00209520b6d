-- Reads a room's log after an offset.
-- KEYS  meta, entries, snapshot
-- ARGV  after this offset, at most so many entries, '1' to have the snapshot too
-- Answers {epoch, 1 if this run of the server may not go on with it, milliseconds until it has settled, base, head,
-- snapshot_offset, snapshot, nonce of the entry at that offset or '', {entry, ...}}, or {} when there is no log.

local meta = redis.call('HMGET', KEYS[1], 'epoch', 'base', 'snapshot_offset', 'run', 'settles_at')
if not meta[1] then
  return {}
end
local moved = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') ~= meta[4] and 1 or 0
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local base = tonumber(meta[2])
local head = base + redis.call('LLEN', KEYS[2])
local skip = math.max(tonumber(ARGV[1]) - base, 0)

local nonce = ''
if skip > 0 then
  nonce = string.sub(redis.call('LINDEX', KEYS[2], skip - 1) or '', 1, 8)
end
local snapshot = ARGV[3] == '1' and redis.call('GET', KEYS[3]) or ''
local entries = redis.call('LRANGE', KEYS[2], skip, skip + tonumber(ARGV[2]) - 1)
return {meta[1], moved, math.max(tonumber(meta[5]) - now, 0), base, head, tonumber(meta[3]), snapshot, nonce, entries}
