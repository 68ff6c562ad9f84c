package workloads

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// What is wrong with an address is said without the address.
func TestPostgresAddress(t *testing.T) {
	const password = "hunter2"
	for _, tt := range []struct{ addr, want string }{
		{"", `^workloads: database: no server: set AMDAHL_POSTGRES \(Options.Addr\) to its data source name, such as postgres://user:password@localhost:5432/database$`},
		{"postgres://u:p/hunter2@h/db", `^workloads: database: the data source name in AMDAHL_POSTGRES \(Options.Addr\) cannot be read: want postgres://`},
		{"postgres://u:hunter2%@h/db", "cannot be read: want postgres://.* percent-escaped"},
		{"host=h password=hunter2 port=hunter2", "cannot be read: want .* or host="},
		{"hunter2", "cannot be read"},
		{"postgres://u:p@hunter2@h/db", "cannot be read: want .* percent-escaped"},
		{"postgres://hunter2:hunter2@127.0.0.1:1/hunter2", `^workloads: database: cannot connect to the server: .*127\.0\.0\.1:1.* refused.*: is it running where AMDAHL_POSTGRES says\?$`},
	} {
		o := Options{Variant: "postgres", Addr: tt.addr, Dir: "as it was"}
		_, err := Database.Prepare(t.Context(), &o)
		wantError(t, tt.addr, err, tt.want)
		if err != nil && strings.Contains(err.Error(), password) {
			t.Errorf("error %v shows the password", err)
		}
		if o.Dir != "as it was" {
			t.Errorf("Dir = %q after Prepare failed, want it as it was", o.Dir)
		}
	}
	for _, dir := range []string{"", "/var/tmp", "amdahl_0123456789abcdef; DROP TABLE tasks"} {
		_, err := Database.Open(Options{Variant: "postgres", Addr: "host=h", Dir: dir})
		wantError(t, "not prepared", err, "^workloads: database: no schema: call the workload's Prepare first$")
	}
}

// postgres is a connection to the test server beside those of the workload.
func postgres(t *testing.T) *pgx.Conn {
	t.Helper()
	config, err := pgx.ParseConfig(postgresAddr(t))
	if err != nil {
		t.Fatal("the data source name cannot be read")
	}
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(advisePostgres(err))
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func TestPostgresReleaseDropsTheSchema(t *testing.T) {
	conn := postgres(t)
	w := variant(t, Database, "postgres")
	var o Options
	release, err := w.Prepare(t.Context(), &o)
	if err != nil {
		t.Fatal(err)
	}
	schemas := func() (n int) {
		if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_namespace WHERE nspname = $1", o.Dir).Scan(&n); err != nil {
			t.Error(err)
		}
		return n
	}
	if got := schemas(); got != 1 {
		t.Errorf("%d schemas %s after Prepare, want 1", got, o.Dir)
	}
	job := open(t, w, o).(*databaseJob)
	do(t, job, 3)
	var commit string
	if err := job.writer.QueryRow("SHOW synchronous_commit").Scan(&commit); err != nil || commit != "on" {
		t.Errorf("synchronous_commit = %s, %v, want on", commit, err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	if got := schemas(); got != 0 {
		t.Errorf("%d schemas %s after release, want none", got, o.Dir)
	}
	_, err = job.Do(t.Context(), 3)
	wantError(t, "schema dropped", err, `^workloads: database: task 3: the server says: .*42P01\): was the schema dropped while tasks ran`)
	wantError(t, "dropped twice", release(), "^dropping the schema amdahl_[0-9a-f]+: the server says: .*3F000")
}

// A server that ends every connection is an error and no wait.
func TestPostgresConnectionLost(t *testing.T) {
	conn := postgres(t)
	w := variant(t, Database, "postgres")
	job := open(t, w, prepare(t, w, Options{})).(*databaseJob)
	tx, err := job.writer.Begin()
	if err != nil {
		t.Fatal(err)
	}
	var id int
	if err := tx.QueryRow("SELECT pg_backend_pid()").Scan(&id); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "SELECT pg_terminate_backend($1)", id); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(job.upsert, 3, []byte{0}); err == nil {
		t.Error("a write on a lost connection: no error")
	}
	tx.Rollback()
	do(t, job, 3) // on a new connection
}

// Close waits for what the end of a context has left behind.
func TestPostgresConnectionsAreWaitedFor(t *testing.T) {
	var conns connections
	var opened []*pgx.Conn
	config := postgres(t).Config()
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(ctx context.Context, conn *pgx.Conn) error {
		opened = append(opened, conn)
		return conns.add(ctx, conn)
	}))
	if err := db.PingContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := db.ExecContext(ctx, "SELECT pg_sleep(60)"); err == nil {
		t.Error("a statement of a minute ended in time")
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	conns.Wait()
	if len(opened) != 1 {
		t.Fatalf("%d connections were opened, want one", len(opened))
	}
	select {
	case <-opened[0].PgConn().CleanupDone():
	default:
		t.Error("the connection is not gone")
	}
}
