-- Runs of jobs are told by who runs them: neither shoppers' nor staff's workers write them.
REVOKE INSERT ON app.job_runs FROM kade_rt;
GRANT INSERT ON app.job_runs TO kade_jobs;
