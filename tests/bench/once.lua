-- once.lua FILE: asks each address of FILE once, then stops; prints the 95th percentile.
local paths, at = {}, 0

function init(args)
    for line in io.lines(args[1]) do paths[#paths + 1] = line end
end

function request()
    at = at + 1
    if at > #paths then
        wrk.thread:stop()
        at = #paths
    end
    return wrk.format("GET", paths[at])
end

function done(summary, latency, requests)
    io.write(string.format("p95_ms %.2f of %d\n", latency:percentile(95) / 1000, summary.requests))
end
