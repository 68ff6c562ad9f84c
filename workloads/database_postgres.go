package workloads

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// PostgreSQL, by the data source name in Options.Addr. Prepare makes a schema
// with a random name, which it puts in Options.Dir in place of a scratch
// directory; its release drops the schema and all in it. Every connection
// asks for synchronous_commit=on.
//
// The server works in processes of its own, and transactions that wait for
// the disk at the same time share one write (group commit), so this variant
// goes on where "sqlite" has met its one writer.
//
// A process has up to 64 connections, and closes one that was idle for two
// seconds: a server has 100 as it comes (max_connections), for all processes.
// One that finds none free tries again for half a minute.
//
// No error shows the data source name or its password.
const (
	postgresConns    = 64
	postgresIdle     = 2 * time.Second
	postgresPatience = 30 * time.Second
	postgresRelease  = 10 * time.Second // for the schema to be dropped
)

// PostgresVariable is the environment variable that holds the data source name
// of a PostgreSQL server, by the convention of those who fill in Options.Addr.
const PostgresVariable = "AMDAHL_POSTGRES"

// Postgres is the variant of [Database] that needs such a server.
const Postgres = "postgres"

// schemaName matches the names that Prepare makes, and nothing that would
// have to be quoted.
var schemaName = regexp.MustCompile(`^amdahl_[0-9a-f]{16}$`)

func preparePostgres(ctx context.Context, o *Options) (release func() error, err error) {
	var random [8]byte
	rand.Read(random[:])
	schema := "amdahl_" + hex.EncodeToString(random[:])
	addr := o.Addr
	do := func(ctx context.Context, statement string) error {
		e, err := postgresEngine(addr)
		if err != nil {
			return err
		}
		err = e.retry(ctx, func() error {
			_, err := e.writer.ExecContext(ctx, statement)
			return err
		})
		if end := ctx.Err(); end != nil && err != nil {
			err = end
		}
		return errors.Join(e.explain(err), e.close())
	}
	// One string of statements is one transaction.
	table := inSchema(schema, fmt.Sprintf(createTable, "bytea"))
	if err := do(ctx, "CREATE SCHEMA "+schema+"; "+table); err != nil {
		return nil, err
	}
	o.Dir = schema
	return func() error {
		ctx, cancel := context.WithTimeout(context.Background(), postgresRelease)
		defer cancel()
		if err := do(ctx, "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			return fmt.Errorf("dropping the schema %s: %w", schema, err)
		}
		return nil
	}, nil
}

func openPostgres(o Options) (*engine, error) {
	e, err := postgresEngine(o.Addr)
	if err != nil {
		return nil, err
	}
	if !schemaName.MatchString(o.Dir) {
		return nil, errors.Join(errors.New("no schema: call the workload's Prepare first"), e.close())
	}
	e.upsert, e.find = inSchema(o.Dir, upsertTask), inSchema(o.Dir, findTask)
	return e, nil
}

// inSchema puts the table of a statement in a schema.
func inSchema(schema, statement string) string {
	return strings.Replace(statement, " tasks ", " "+schema+".tasks ", 1)
}

// postgresEngine returns the engine without its statements. Its connections
// open when needed.
func postgresEngine(addr string) (*engine, error) {
	if addr == "" {
		return nil, errors.New("no server: set " + PostgresVariable + " (Options.Addr) to its data source name, such as postgres://user:password@localhost:5432/database")
	}
	config, err := pgx.ParseConfig(addr)
	if err != nil || strings.LastIndexByte(config.Host, '@') > 0 { // err or Host may hold parts of the password
		return nil, errors.New("the data source name in " + PostgresVariable + " (Options.Addr) cannot be read: want postgres://user:password@host:5432/database, with what is special percent-escaped, or host=… user=… password=… dbname=…")
	}
	config.RuntimeParams["synchronous_commit"] = "on"
	var conns connections
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(conns.add))
	db.SetMaxOpenConns(postgresConns)
	db.SetMaxIdleConns(postgresConns)
	db.SetConnMaxIdleTime(postgresIdle)
	return &engine{
		writer: db, reader: db,
		busy:     postgresBusy,
		patience: postgresPatience,
		explain:  advisePostgres,
		close: func() error {
			err := db.Close()
			conns.Wait()
			return err
		},
	}, nil
}

// connections are those that a process has opened and that are not all gone:
// when ctx ends, a goroutine tells the server and closes its connection. Wait
// waits until all are gone; all must be closed.
type connections struct{ sync.WaitGroup }

func (c *connections) add(_ context.Context, conn *pgx.Conn) error {
	c.Go(func() { <-conn.PgConn().CleanupDone() })
	return nil
}

// postgresBusy says whether the server has no connection free, or, on a Unix
// socket, more to accept than it can note (EAGAIN).
func postgresBusy(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == "53300" || errors.Is(err, syscall.EAGAIN)
}

// postgresAdvice is what to do about an error, by its SQLSTATE.
// Source: PostgreSQL documentation, Appendix A, PostgreSQL Error Codes.
var postgresAdvice = map[string]string{
	"28000": "check the user in " + PostgresVariable,
	"28P01": "check the user and the password in " + PostgresVariable,
	"3D000": "check the database in " + PostgresVariable,
	"3F000": "was the schema dropped while tasks ran?",
	"42501": "the user must be allowed to create a schema (GRANT CREATE ON DATABASE …)",
	"42P01": "was the schema dropped while tasks ran?",
	"53100": "free some space on the server's disk",
	"53300": "use fewer workers or raise the server's max_connections",
}

// advisePostgres says what the server met with and what to do about it, on
// one line and without the user and the database.
func advisePostgres(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		text := fmt.Sprintf("the server says: %s (SQLSTATE %s)", e.Message, e.Code)
		if advice := postgresAdvice[e.Code]; advice != "" {
			text += ": " + advice
		}
		return errors.New(text)
	}
	if e, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		// There is a line for each address, with and without TLS.
		lines := slices.Compact(strings.Split(e.Unwrap().Error(), "\n"))
		return fmt.Errorf("cannot connect to the server: %s: is it running where %s says?", strings.Join(lines, "; "), PostgresVariable)
	}
	return err
}
