package main

import (
	"net/rpc"
	"os"
	"os/exec"

	"github.com/hashicorp/go-plugin"
)

const childVariable = "PEERS_CHILD" // which child of a peer this process is

// serveChild is main of a child, and does nothing elsewhere.
func serveChild() {
	switch os.Getenv(childVariable) {
	case "rpc":
		s := rpc.NewServer()
		s.Register(Service{})
		s.ServeConn(stdio{})
	case "plugin":
		plugin.Serve(&plugin.ServeConfig{HandshakeConfig: handshake, Plugins: pluginSet})
	case "grpc":
		serveGRPC()
	case "nats":
		echoNATS()
	case "pipe":
		echoPipe()
	case "shm":
		echoShared()
	default:
		return
	}
	os.Exit(0)
}

// child is this program again, as a child.
func child(kind string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), childVariable+"="+kind, "GOMAXPROCS=1")
	return cmd
}

// Service is what the remote procedure calls call.
type Service struct{}

func (Service) Same(x int, y *int) error           { *y = x; return nil }
func (Service) Length(b []byte, n *int) error      { *n = len(b); return nil }
func (Service) Echo(b []byte, again *[]byte) error { *again = b; return nil }

// stdio is standard input and output as one connection.
type stdio struct{}

func (stdio) Read(b []byte) (int, error)  { return os.Stdin.Read(b) }
func (stdio) Write(b []byte) (int, error) { return os.Stdout.Write(b) }
func (stdio) Close() error                { os.Stdin.Close(); return os.Stdout.Close() }
