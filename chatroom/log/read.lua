-- Reads a room's log after an offset.
-- KEYS  meta, entries, snapshot, origins
-- ARGV  after this offset, at most so many entries, '1' to have the snapshot too
-- Answers {epoch, 1 if it may not go on as it is, milliseconds until it has settled, base, head, snapshot_offset, snapshot,
-- nonce of the entry at that offset or '', {entry, ...}}, or {} when there is no log.
-- It may not go on on another run of the server, nor without a part of it: without `meta` epoch and entries are empty, without
-- a snapshot that is needed the snapshot is. A snapshot that is not needed, since all entries are there, is at offset 0.

local meta = redis.call('HMGET', KEYS[1], 'epoch', 'base', 'snapshot_offset', 'run', 'settles_at')
if not meta[1] then
  return redis.call('EXISTS', KEYS[2], KEYS[3], KEYS[4]) > 0 and {'', 1, 0, 0, 0, 0, '', '', {}} or {}
end
local moved = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') ~= meta[4] and 1 or 0
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local base = tonumber(meta[2])
local kept = redis.call('LLEN', KEYS[2])
local head = base + kept
local snapshot_offset = tonumber(meta[3])
if kept == 0 then
  moved = 1
end
if snapshot_offset > 0 and redis.call('EXISTS', KEYS[3]) == 0 then
  moved = base > 0 and 1 or moved
  snapshot_offset = base
end
local skip = math.max(tonumber(ARGV[1]) - base, 0)

local nonce = ''
if skip > 0 then
  nonce = string.sub(redis.call('LINDEX', KEYS[2], skip - 1) or '', 1, 8)
end
local snapshot = ARGV[3] == '1' and redis.call('GET', KEYS[3]) or ''
local entries = redis.call('LRANGE', KEYS[2], skip, skip + tonumber(ARGV[2]) - 1)
return {meta[1], moved, math.max(tonumber(meta[5]) - now, 0), base, head, snapshot_offset, snapshot, nonce, entries}
