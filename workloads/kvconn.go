package workloads

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// A kvConn is a connection that speaks RESP, the protocol of Redis, as far as
// [KV] needs it. The zero value is not connected. One task uses it at a time.
//
// Source: Redis serialization protocol specification, version 2.
type kvConn struct {
	conn net.Conn
	in   *bufio.Reader
	out  *bufio.Writer
}

func dialKV(ctx context.Context, socket string) (*kvConn, error) {
	c := &kvConn{}
	return c, c.connect(ctx, socket)
}

// connect connects if that was not done.
func (c *kvConn) connect(ctx context.Context, socket string) error {
	if c.conn != nil {
		return nil
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unix", socket)
	if err != nil {
		return err
	}
	c.conn, c.in, c.out = conn, bufio.NewReader(conn), bufio.NewWriter(conn)
	return nil
}

// do sends a command and returns the value of its answer, nil for none. After
// an error of the connection, or the end of ctx, the connection is closed: an
// answer may be on its way.
func (c *kvConn) do(ctx context.Context, command ...string) (value []byte, err error) {
	conn := c.conn
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer func() {
		_, said := errors.AsType[*kvError](err)
		if stopped := stop(); !stopped || err != nil && !said {
			_ = c.Close()
			if ctx.Err() != nil {
				err = ctx.Err()
			}
		}
	}()
	fmt.Fprintf(c.out, "*%d\r\n", len(command))
	for _, word := range command {
		fmt.Fprintf(c.out, "$%d\r\n%s\r\n", len(word), word)
	}
	if err := c.out.Flush(); err != nil {
		return nil, err
	}
	line, err := c.in.ReadString('\n')
	if err != nil {
		return nil, err
	}
	line = strings.TrimSuffix(line, "\r\n")
	switch kind, rest := line[:min(1, len(line))], line[min(1, len(line)):]; kind {
	case "+", ":":
		return []byte(rest), nil
	case "-":
		return nil, &kvError{command[0], rest}
	case "$":
		n, err := strconv.Atoi(rest)
		if err != nil || n < -1 || n > 512<<20 {
			break
		}
		if n == -1 {
			return nil, nil
		}
		b := make([]byte, n+2)
		if _, err := io.ReadFull(c.in, b); err != nil {
			return nil, err
		}
		return b[:n], nil
	}
	return nil, fmt.Errorf("the server answers %q: is it a Redis server?", line)
}

// A kvError is an answer that says that a command failed.
type kvError struct{ command, text string }

func (e *kvError) Error() string { return e.command + ": the server says: " + e.text }

// Close closes the connection; it can be connected again.
func (c *kvConn) Close() error {
	if c.conn == nil {
		return nil
	}
	err := c.conn.Close()
	*c = kvConn{}
	return err
}
