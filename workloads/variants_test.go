package workloads

import (
	"cmp"
	"context"
	"os"
	"testing"
)

// each runs f for every workload, and for every variant of it.
func each(t *testing.T, f func(t *testing.T, w Workload)) {
	for _, w := range All {
		if len(w.Variants) == 0 {
			t.Run(w.Name, func(t *testing.T) {
				if why := w.Needs(""); why != "" {
					t.Skip(why)
				}
				f(t, w)
			})
		}
		for _, v := range w.Variants {
			t.Run(w.Name+"/"+v, func(t *testing.T) { f(t, variant(t, w, v)) })
		}
	}
}

// variant returns w with v as its default. It skips the test if v needs a
// server that is not there.
func variant(t testing.TB, w Workload, v string) Workload {
	t.Helper()
	addr := ""
	if v == "postgres" {
		addr = postgresAddr(t)
	}
	set := func(o Options) Options {
		o.Variant = cmp.Or(o.Variant, v)
		o.Addr = cmp.Or(o.Addr, addr)
		return o
	}
	w.Variants = append([]string{v}, w.Variants...)
	if share := w.Share; share != nil {
		w.Share = func(ctx context.Context, o *Options) (func() error, error) {
			*o = set(*o)
			return share(ctx, o)
		}
	}
	make := w.New
	w.New = func(o Options) (Job, error) { return make(set(o)) }
	return w
}

// postgresAddr is the data source name of a server to test with.
func postgresAddr(t testing.TB) string {
	t.Helper()
	addr := os.Getenv(PostgresVariable)
	if addr == "" {
		t.Skipf("no PostgreSQL server: set %s to its data source name to test with it", PostgresVariable)
	}
	return addr
}
