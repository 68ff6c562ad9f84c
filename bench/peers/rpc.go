package main

import (
	"context"
	"io"
	"net/rpc"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
)

// rpcs is net/rpc over pipes, one child a worker.
func rpcs() []peer {
	return rpcWorkload("net-rpc", func() (*rpc.Client, func(), error) {
		cmd := child("rpc")
		in, err := cmd.StdinPipe()
		if err != nil {
			return nil, nil, err
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			return nil, nil, err
		}
		if err := cmd.Start(); err != nil {
			return nil, nil, err
		}
		c := rpc.NewClient(pair{out, in})
		return c, func() { c.Close(); cmd.Wait() }, nil
	})
}

type pair struct {
	io.ReadCloser
	w io.WriteCloser
}

func (p pair) Write(b []byte) (int, error) { return p.w.Write(b) }
func (p pair) Close() error                { p.w.Close(); return p.ReadCloser.Close() }

// plugins is hashicorp/go-plugin over its net/rpc protocol.
func plugins() []peer {
	return rpcWorkload("go-plugin", func() (*rpc.Client, func(), error) {
		c := plugin.NewClient(&plugin.ClientConfig{
			HandshakeConfig: handshake, Plugins: pluginSet, Cmd: child("plugin"),
			Logger: hclog.NewNullLogger(), AllowedProtocols: []plugin.Protocol{plugin.ProtocolNetRPC},
		})
		proto, err := c.Client()
		if err != nil {
			c.Kill()
			return nil, nil, err
		}
		raw, err := proto.Dispense("service")
		if err != nil {
			c.Kill()
			return nil, nil, err
		}
		return raw.(*rpc.Client), c.Kill, nil
	})
}

var handshake = plugin.HandshakeConfig{ProtocolVersion: 1, MagicCookieKey: "PEERS", MagicCookieValue: "peers"}

var pluginSet = map[string]plugin.Plugin{"service": servicePlugin{}}

type servicePlugin struct{}

func (servicePlugin) Server(*plugin.MuxBroker) (any, error)                  { return Service{}, nil }
func (servicePlugin) Client(_ *plugin.MuxBroker, c *rpc.Client) (any, error) { return c, nil }

// rpcWorkload is the workload for clients of net/rpc. There is no map: it is
// calls, up to 256 under way at each worker.
func rpcWorkload(name string, dial func() (*rpc.Client, func(), error)) []peer {
	open := func(_ context.Context, p peer) (func(int) (time.Duration, error), func(), error) {
		method := "Service"
		if name == "go-plugin" {
			method = "Plugin"
		}
		var clients []*rpc.Client
		var stops []func()
		stop := func() {
			for _, s := range stops {
				s()
			}
		}
		for range p.workers {
			c, s, err := dial()
			if err != nil {
				stop()
				return nil, nil, err
			}
			clients, stops = append(clients, c), append(stops, s)
		}
		big := make([]byte, 1<<20)
		op := map[string]func(int) error{
			"call": func(i int) error {
				var got int
				err := clients[0].Call(method+".Same", i, &got)
				return check(got, i, err)
			},
			"map": func(int) error {
				return spread(clients, mapTasks, func(c *rpc.Client, i int, done chan *rpc.Call) { c.Go(method+".Same", i, new(int), done) })
			},
			"args": func(int) error {
				return spread(clients, bigCount, func(c *rpc.Client, _ int, done chan *rpc.Call) { c.Go(method+".Length", big, new(int), done) })
			},
			"echo": func(int) error {
				return spread(clients, bigCount, func(c *rpc.Client, _ int, done chan *rpc.Call) { c.Go(method+".Echo", big, new([]byte), done) })
			},
		}[p.op]
		return func(n int) (time.Duration, error) { return timed(n, op) }, stop, nil
	}
	var out []peer
	for _, p := range workload(name, open) {
		if p.op != "mapdefault" && p.op != "start" {
			out = append(out, p)
		}
	}
	return out
}

// spread makes n calls, over all clients by turns.
func spread(clients []*rpc.Client, n int, call func(*rpc.Client, int, chan *rpc.Call)) error {
	done := make(chan *rpc.Call, 256*len(clients))
	under := 0
	for i := range n {
		if under == cap(done) {
			if c := <-done; c.Error != nil {
				return c.Error
			}
			under--
		}
		call(clients[i%len(clients)], i, done)
		under++
	}
	for ; under > 0; under-- {
		if c := <-done; c.Error != nil {
			return c.Error
		}
	}
	return nil
}
