package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// postgresVariable names a PostgreSQL server that exists, by its data source name.
const postgresVariable = "AMDAHL_POSTGRES"

// hasPostgres reports whether there is a server, or programs to start one.
func hasPostgres() bool { return os.Getenv(postgresVariable) != "" || postgresPrograms() != "" }

// postgresPrograms is the directory with initdb and postgres, "" if they are not installed.
// Debian keeps them out of the path, one directory for each version: the newest counts.
func postgresPrograms() string {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path)
	}
	all, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(all) == 0 {
		return ""
	}
	slices.SortStableFunc(all, func(a, b string) int { return len(a) - len(b) }) // 9.6, 15
	return filepath.Dir(all[len(all)-1])
}

// A postgres is a server with a directory of its own, which stop removes.
type postgres struct {
	dsn string
	cmd *exec.Cmd
	dir string
}

// ownPostgres is the server that this process has started, once for all cases.
var ownPostgres = sync.OnceValues(startPostgres)

// postgresStarted is that server, for stopPostgres; nil if none was started.
var postgresStarted *postgres

// startPostgres starts a server as it is installed, with its own settings, on a socket in a
// temporary directory. PostgreSQL does not run as root: it then runs as the user postgres.
func startPostgres() (string, error) {
	if dsn := os.Getenv(postgresVariable); dsn != "" {
		return dsn, nil
	}
	dir, err := os.MkdirTemp("", "peers-pg")
	if err != nil {
		return "", err
	}
	p := &postgres{dir: dir, dsn: "host=" + dir + " user=amdahl dbname=postgres"}
	if err := p.start(); err != nil {
		return "", errors.Join(fmt.Errorf("PostgreSQL: %w", err), p.stop())
	}
	postgresStarted = p
	return p.dsn, nil
}

func (p *postgres) start() error {
	as := &syscall.SysProcAttr{}
	if os.Geteuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			return err
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return err
		}
		if err := os.Chown(p.dir, int(uid), int(gid)); err != nil {
			return err
		}
		as.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	data := filepath.Join(p.dir, "data")
	program := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(postgresPrograms(), name), args...)
		cmd.Dir, cmd.SysProcAttr = p.dir, as
		return cmd
	}
	if out, err := program("initdb", "-D", data, "-U", "amdahl", "-A", "trust").CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	p.cmd = program("postgres", "-D", data, "-k", p.dir, "-c", "listen_addresses=")
	if err := p.cmd.Start(); err != nil {
		p.cmd = nil
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		c, err := pgx.Connect(ctx, p.dsn)
		if err == nil {
			return c.Close(ctx)
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("it does not accept connections: %w", err)
		}
	}
}

// stop ends the server at once and removes its files.
func (p *postgres) stop() error {
	if p == nil {
		return nil
	}
	if p.cmd != nil {
		_ = p.cmd.Process.Signal(syscall.SIGQUIT)
		_ = p.cmd.Wait()
	}
	return os.RemoveAll(p.dir)
}
