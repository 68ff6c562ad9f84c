package bench

import (
	"context"
	"os/exec"
	"strings"
	"testing"
)

// What cannot work is said in one line with something to type, and is status 2.
func TestRemoteFlags(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ args, want string }{
		{"-link rtt=x", "as in rtt=2ms,bw=100Mbit,loss=0.1%"},
		{"-link rtt=1ns", "want a time from 100µs to 10s"},
		{"-link rtt=", "as in rtt=2ms,bw=100Mbit,loss=0.1%"},
		{"-link bw=5", "want kbit, Mbit or Gbit a second"},
		{"-link bw=-5Mbit", "want kbit, Mbit or Gbit a second"},
		{"-link bw=NaNMbit", "want kbit, Mbit or Gbit a second"},
		{"-link loss=90%", "want 0% to 50%"},
		{"-link loss=0.1", "want 0% to 50%"},
		{"-link delay=1ms", "want rtt=, bw= or loss="},
		{"-link=", "as in -link rtt=2ms"},
		{"-link rtt=2ms -listen 127.0.0.1:0", "leave out -listen and -nats"},
		{"-link rtt=2ms -link none -link rtt=2000us", "-link rtt=2ms is given twice"},
		{"-link none -link none", "-link none is given twice"},
		{"-queue pull,request,pull", "-queue pull is given twice"},
		{"-prefetch 0,3,0", "-prefetch 0 is given twice"},
		{"-levels 1,2,2", "-levels 2 is given twice"},
		{"-levels 0", "as in -levels 1,2,4"},
		{"-levels 1,,2", "as in -levels 1,2,4"},
		{"-levels x", "as in -levels 1,2,4"},
		{"-queue fifo", "is not one of pull, queuegroup, request"},
		{"-queue=", "is not one of pull, queuegroup, request"},
		{"-prefetch -1", "is not a number from 0 to 256"},
		{"-prefetch 1000", "is not a number from 0 to 256"},
		{"-nodes 0", "is not a number from 1 to 4096"},
		{"-nodes 4 -levels 1,2", "write -levels 4"},
		{"-per-node -1", "as in -per-node 2 -levels 1,2,4"},
		{"-per-node 2 -nodes 2", "write -per-node 2 -levels 1,2,4"},
		{"-join-time 0s", "as in -join-time 5m"},
		{"-files -queue request", "write -queue pull -files"},
		{"-lease 1ms", "as in -lease 5s"},
		{"-hosts a,b", "add -launch 'ssh {host} ./bench -join {url}'"},
		{"-launch ssh", "add -join {url}"},
		{"-launch=ssh|{host}|./bench|-join|{url}", "add -hosts one,two"},
		{"-launch=ssh|{host}|./bench|-join|{url} -hosts a,b", "a, b cannot reach the server of this machine, which listens on loopback only: add -listen ADDRESS:4222"},
		{"-launch=srun|./bench|-join|{url} -hosts a,b", "write {host}, as in 'ssh {host} ./bench -join {url}'"},
		{"-launch='x", "a quote ' is not closed"},
		{"-join 127.0.0.1:4222", "write nats://host:4222"},
		{"-join http://a", "write nats://host:4222"},
		{"-join nats://a/b.c", "use at most 64 letters, digits and -"},
		{"-join nats://a -doctor nats://a", "give one of them"},
		{"-nats http://a", "write nats://host:4222"},
		{"-nats nats://a -creds no-such-file", "-creds: open no-such-file"},
		{"-nats nats://a -listen 127.0.0.1:0", "give one of them"},
		{"-listen 4222", "as in 192.168.1.10:4222 or [fd00::10]:4222"},
		{"-listen 127.0.0.1:x", "the port is a number from 0 to 65535"},
		{"-listen fd00::10:4222", "as in 192.168.1.10:4222 or [fd00::10]:4222"},
		{"-listen 127.0.0.1:0 -cert a", "write -cert FILE -key FILE"},
		{"-listen 127.0.0.1:0 -cert a -key b", "-cert a -key b: open a"},
		{"-nonsense", "bench -h lists all flags"},
	} {
		t.Run(tt.args, func(t *testing.T) {
			args := strings.Fields("-test.bench Strong/workload=sleep/strategy=remote " + tt.args)
			for i := range args {
				args[i] = strings.ReplaceAll(args[i], "|", " ")
			}
			ctx, cancel := context.WithTimeout(t.Context(), commandLimit)
			defer cancel()
			out, err := exec.CommandContext(ctx, benchExe(t), args...).CombinedOutput()
			var status int
			if exit, ok := err.(*exec.ExitError); ok {
				status = exit.ExitCode()
			}
			text := strings.TrimSpace(string(out))
			if status != 2 || !strings.Contains(text, tt.want) || strings.Count(text, "\n") > 1 {
				t.Errorf("exit status %d, want 2 and a line with %q, got\n%s", status, tt.want, text)
			}
		})
	}
}
