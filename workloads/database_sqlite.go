package workloads

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// SQLite, in the scratch directory: Prepare makes a fresh directory as that
// of [File] does, and in it a database; its release removes both.
//
// The journal is a write-ahead log (WAL) with synchronous=FULL. A commit is
// then one append and one fsync, where a rollback journal needs several, and
// those who read wait for nobody and nobody for them: the one serial part is
// the writer. Every thousand pages the commit that comes next also copies the
// log into the database. A WAL needs memory shared between processes, so the
// directory must not be on a network.
//
// A process has one connection that writes and up to eight that read. SQLite
// lets one transaction write at a time anyway. With one connection the tasks
// of a process queue for it in database/sql, in no fixed order, and wake when
// it is theirs; with one each they would try, sleep and try again
// (busy_timeout), which wastes processors and leaves the disk idle. What it
// costs is that the queue is the serial part, also for the little work of a
// transaction that is not the commit. Between processes there is no queue:
// they do try again every few milliseconds (see firstPause), in no order, so
// a process whose tasks follow each other closely keeps the others waiting.
const (
	sqliteFile    = "tasks.sqlite"
	sqliteReaders = 8       // reading waits for no disk, so more have no use
	sqliteLog     = 5 << 20 // bytes: more than a thousand pages of 4096
)

func prepareSQLite(ctx context.Context, o *Options) (release func() error, err error) {
	p := *o
	remove, err := makeScratch(&p, "amdahl-database-")
	if err != nil {
		return nil, err
	}
	path := filepath.Join(p.Dir, sqliteFile)
	db, err := sqliteDB(path, "mode=rwc")
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	db.SetMaxOpenConns(1)
	release = func() error { return errors.Join(db.Close(), remove()) }
	if err := createSQLite(ctx, db); err != nil {
		return nil, errors.Join(fmt.Errorf("making %s: %w", path, adviseSQLite(path, err)), release())
	}
	*o = p
	return release, nil
}

// createSQLite makes the table, and a log as long as it gets. Where a log
// grows, each fsync has the new length of the file to write too, and a task
// takes several times as long. SQLite removes the log with the last
// connection, so db stays open until release.
func createSQLite(ctx context.Context, db *sql.DB) error {
	var mode string
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode=WAL").Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("this disk has no write-ahead log (journal_mode is %s): set Options.Dir to a directory on a disk of this machine", mode)
	}
	for _, statement := range []string{
		fmt.Sprintf(createTable, "BLOB"),
		fmt.Sprintf("CREATE TABLE fill AS SELECT zeroblob(%d)", sqliteLog),
		"DROP TABLE fill",
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// sqliteDB returns the database at path; its connections open when needed.
func sqliteDB(path, query string) (*sql.DB, error) {
	slashed := filepath.ToSlash(path)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/…
	}
	u := url.URL{Scheme: "file", Path: slashed, RawQuery: query + "&_synchronous=FULL"}
	connector, err := sqlite.NewConnector(u.String())
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

func openSQLite(o Options) (*engine, error) {
	path := filepath.Join(o.Dir, sqliteFile)
	if o.Dir == "" {
		return nil, errors.New("no scratch directory: call the workload's Prepare first")
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("no database in the scratch directory: %w: call the workload's Prepare first", err)
	}
	writer, err := sqliteDB(path, "mode=rw&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	reader, err := sqliteDB(path, "mode=rw&_query_only=1")
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	writer.SetMaxOpenConns(1)
	reader.SetMaxOpenConns(sqliteReaders)
	reader.SetMaxIdleConns(sqliteReaders)
	return &engine{
		writer: writer, reader: reader,
		upsert: upsertTask, find: findTask,
		busy:    sqliteBusy,
		explain: func(err error) error { return adviseSQLite(path, err) },
		close:   func() error { return errors.Join(reader.Close(), writer.Close()) },
	}, nil
}

// sqliteCode is the primary result code of err, 0 if it has none.
func sqliteCode(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}

// sqliteBusy says whether another connection has the lock. SQLITE_PROTOCOL is
// the same of the log's index.
func sqliteBusy(err error) bool {
	code := sqliteCode(err)
	return code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_PROTOCOL
}

// adviseSQLite puts err in the terms of a file, for which there is advice.
func adviseSQLite(path string, err error) error {
	if sqliteCode(err) == sqlite3.SQLITE_FULL {
		return advise(fmt.Errorf("%w: %w", err, syscall.ENOSPC))
	}
	if _, gone := os.Stat(path); errors.Is(gone, fs.ErrNotExist) {
		return advise(fmt.Errorf("%w: %w", err, gone))
	}
	return err
}
