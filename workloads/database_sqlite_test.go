package workloads

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestSQLitePrepare(t *testing.T) {
	missing, empty := filepath.Join(t.TempDir(), "missing"), t.TempDir()
	_, err := Database.Prepare(t.Context(), &Options{Dir: missing})
	wantError(t, "no such directory", err, "^workloads: database: cannot make a scratch directory: .*missing.* set Options.Dir")
	_, err = Database.Open(Options{})
	wantError(t, "not prepared", err, "^workloads: database: no scratch directory: .* Prepare first")
	_, err = Database.Open(Options{Dir: empty})
	wantError(t, "not prepared, with a directory", err, "^workloads: database: no database in the scratch directory: .*: call the workload's Prepare first")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	o := Options{Dir: empty}
	_, err = Database.Prepare(ctx, &o)
	wantError(t, "cancelled", err, "^workloads: database: making .*: context canceled")
	if left, _ := os.ReadDir(empty); len(left) != 0 || o.Dir != empty {
		t.Errorf("after Prepare failed %v is left and Dir = %q, want nothing and %q", left, o.Dir, empty)
	}
}

// The name of a directory may hold what is special in a URI.
func TestSQLiteDirectoryName(t *testing.T) {
	name := "a b#c%20d&e=f+é"
	if runtime.GOOS != "windows" {
		name += "?g"
	}
	dir := filepath.Join(t.TempDir(), name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	o := prepare(t, Database, Options{Dir: dir})
	do(t, open(t, Database, o), 0)
	if files, err := os.ReadDir(o.Dir); err != nil || len(files) != 3 || files[0].Name() != sqliteFile {
		t.Errorf("%v, %v in the scratch directory, want the database, its log and its index", files, err)
	}
}

// The connections are as the comment of the engine says.
func TestSQLiteSettings(t *testing.T) {
	job := open(t, Database, prepare(t, Database, Options{})).(*databaseJob)
	for _, tt := range []struct{ pragma, want string }{
		{"journal_mode", "wal wal"}, {"synchronous", "2 2"}, {"busy_timeout", "0 0"}, {"query_only", "0 1"},
	} {
		var writer, reader string
		err := job.writer.QueryRow("PRAGMA " + tt.pragma).Scan(&writer)
		if err == nil {
			err = job.reader.QueryRow("PRAGMA " + tt.pragma).Scan(&reader)
		}
		if got := writer + " " + reader; got != tt.want || err != nil {
			t.Errorf("%s of the writer and of a reader = %s, %v, want %s", tt.pragma, got, err, tt.want)
		}
	}
	if got := job.writer.Stats().MaxOpenConnections; got != 1 {
		t.Errorf("%d writers, want 1", got)
	}
	// A transaction of the writer has the lock before it writes.
	first, err := job.writer.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer first.Rollback()
	other := open(t, Database, Options{Dir: filepath.Dir(databasePath(t, job))}).(*databaseJob)
	if _, err := other.writer.Begin(); !sqliteBusy(err) {
		t.Errorf("a second writer: %v, want it to be busy", err)
	}
}

func databasePath(t *testing.T, j *databaseJob) (path string) {
	t.Helper()
	if err := j.reader.QueryRow("SELECT file FROM pragma_database_list").Scan(&path); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSQLiteErrors(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(j *databaseJob) error
		want string
	}{
		{"full disk", func(j *databaseJob) error {
			_, err := j.writer.Exec("VACUUM; PRAGMA max_page_count = 2")
			return err
		}, `^workloads: database: task 3: database or disk is full \(13\): no space left on device: free some space or set Options.Dir`},
		{"directory removed", func(j *databaseJob) error {
			return os.RemoveAll(filepath.Dir(databasePath(t, j)))
		}, "^workloads: database: task 3: .*: was the scratch directory removed while tasks ran"},
		{"changed row", func(j *databaseJob) error {
			_, err := j.writer.Exec("CREATE TRIGGER meddle AFTER INSERT ON tasks BEGIN UPDATE tasks SET payload = x'00'; END")
			return err
		}, "^workloads: database: task 3: the row does not hold the bytes written: do jobs with other options"},
		{"no table", func(j *databaseJob) error {
			_, err := j.writer.Exec("DROP TABLE tasks")
			return err
		}, "^workloads: database: task 3: .*no such table: tasks"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if runtime.GOOS == "windows" && tt.name == "directory removed" {
				t.Skip("Windows removes no open file")
			}
			job := open(t, Database, prepare(t, Database, Options{Size: 10_000})).(*databaseJob)
			if err := tt.do(job); err != nil {
				t.Fatal(err)
			}
			_, err := job.Do(t.Context(), 3)
			wantError(t, tt.name, err, tt.want)
		})
	}
}
