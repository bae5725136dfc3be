// pulumi-language-nodejs runs Node.js programs for the Pulumi CLI that a checkout builds from source.
//
// The official host is a Go module that no module proxy serves, so it cannot be built beside the CLI. This one
// answers what `up`, `preview`, `refresh`, `destroy`, `import`, `package add` and policy packs ask for, over the same protocol:
// https://www.pulumi.com/docs/reference/protobuf/language/
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// bail is the exit code with which the SDK says "the user knows why already".
const bail = 32

func main() {
	flag.String("root", "", "the project's root, unused")
	flag.Parse()
	if err := serve(flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-language-nodejs:", err)
		os.Exit(1)
	}
}

// serve prints the port it answers on and stays until the engine is gone, so that no host outlives a killed CLI.
func serve(engine string) error {
	stop := make(chan bool)
	if engine != "" {
		alive, gone := context.WithCancel(context.Background())
		if err := rpcutil.Healthcheck(alive, engine, 5*time.Minute, gone); err != nil {
			return fmt.Errorf("watching the engine at %s: %w", engine, err)
		}
		go func() { <-alive.Done(); close(stop) }()
	}
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, &host{engine: engine})
			return nil
		},
	})
	if err != nil {
		return err
	}
	fmt.Println(handle.Port)
	return <-handle.Done
}

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engine string
}

func (h *host) Handshake(_ context.Context, req *pulumirpc.LanguageHandshakeRequest) (*pulumirpc.LanguageHandshakeResponse, error) {
	h.engine = req.GetEngineAddress()
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (*host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: sdk.Version.String()}, nil
}

// GetRequiredPackages finds none: a dynamic provider is served by the plugin that lies beside the CLI.
func (*host) GetRequiredPackages(context.Context, *pulumirpc.GetRequiredPackagesRequest) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func (*host) GetRequiredPlugins(context.Context, *pulumirpc.GetRequiredPluginsRequest) (*pulumirpc.GetRequiredPluginsResponse, error) {
	return &pulumirpc.GetRequiredPluginsResponse{}, nil
}

func (*host) GetProgramDependencies(context.Context, *pulumirpc.GetProgramDependenciesRequest) (*pulumirpc.GetProgramDependenciesResponse, error) {
	return &pulumirpc.GetProgramDependenciesResponse{}, nil
}

func (*host) About(context.Context, *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, err
	}
	version, err := exec.Command(node, "--version").Output()
	if err != nil {
		return nil, err
	}
	return &pulumirpc.AboutResponse{Executable: node, Version: strings.TrimSpace(string(version))}, nil
}

// InstallDependencies brings what a plugin from a git URL needs, its output streamed to the engine.
func (*host) InstallDependencies(req *pulumirpc.InstallDependenciesRequest, stream pulumirpc.LanguageRuntime_InstallDependenciesServer) error {
	closer, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(stream, req.GetIsTerminal())
	if err != nil {
		return err
	}
	defer closer.Close() //nolint:errcheck // both streams end with the call
	command := exec.CommandContext(stream.Context(), "npm", "install", "--loglevel=error")
	command.Dir = req.GetInfo().GetProgramDirectory()
	command.Stdout, command.Stderr = stdout, stderr
	if err := command.Run(); err != nil {
		return fmt.Errorf("npm install in %s: %w", command.Dir, err)
	}
	return closer.Close()
}

// Run executes the user's program and waits for it.
func (h *host) Run(ctx context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	program := req.GetInfo()
	if program == nil {
		return nil, errors.New("the engine named no program")
	}
	settings, secretKeys, err := configOf(req)
	if err != nil {
		return nil, err
	}
	arguments := []string{
		"--monitor", req.GetMonitorAddress(),
		"--engine", h.engine,
		"--organization", req.GetOrganization(),
		"--project", req.GetProject(),
		"--stack", req.GetStack(),
		"--pwd", req.GetPwd(),
		"--root-directory", program.GetRootDirectory(),
		"--parallel", strconv.Itoa(int(req.GetParallel())),
	}
	if req.GetDryRun() {
		arguments = append(arguments, "--dry-run")
	}
	arguments = append(append(arguments, program.GetEntryPoint()), req.GetArgs()...)

	command, err := node(ctx, program.GetProgramDirectory(), "run", program.GetOptions().AsMap(), arguments)
	if err != nil {
		return nil, err
	}
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.Env = append(command.Env, "PULUMI_CONFIG="+settings, "PULUMI_CONFIG_SECRET_KEYS="+secretKeys)

	var exit *exec.ExitError
	switch err := command.Run(); {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case errors.As(err, &exit) && exit.ExitCode() == bail:
		return &pulumirpc.RunResponse{Bail: true}, nil
	case errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program ended with exit code %d", exit.ExitCode())}, nil
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program could not be run: %v", err)}, nil
	}
}

// RunPlugin executes a policy pack or another plugin written for Node.js, its output streamed to the engine.
func (h *host) RunPlugin(req *pulumirpc.RunPluginRequest, stream pulumirpc.LanguageRuntime_RunPluginServer) error {
	plugin := req.GetInfo()
	entry, directory := "run-plugin", req.GetPwd()
	arguments := append([]string{plugin.GetProgramDirectory()}, req.GetArgs()...)
	if req.GetKind() == "analyzer" {
		// The engine gives its address, and the SDK wants what to run after that: the pack's own directory.
		entry, directory = "run-policy-pack", plugin.GetProgramDirectory()
		arguments = append(append([]string{}, req.GetArgs()...), ".")
	}
	closer, stdout, stderr, err := rpcutil.MakeRunPluginStreams(stream, false)
	if err != nil {
		return err
	}
	defer closer.Close() //nolint:errcheck // both streams end with the call

	command, err := node(stream.Context(), plugin.GetProgramDirectory(), entry, plugin.GetOptions().AsMap(), arguments)
	if err != nil {
		return err
	}
	command.Dir = directory
	command.Env = append(command.Env, req.GetEnv()...)
	command.Stdout, command.Stderr = stdout, stderr

	var exit *exec.ExitError
	if err := command.Run(); errors.As(err, &exit) {
		return stream.Send(&pulumirpc.RunPluginResponse{
			Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(exit.ExitCode())},
		})
	} else if err != nil {
		return err
	}
	return nil
}

// node is the command that runs one of the SDK's entry points, resolved from the program's own dependencies.
func node(ctx context.Context, directory, entry string, options map[string]any, arguments []string) (*exec.Cmd, error) {
	binary, err := exec.LookPath("node")
	if err != nil {
		return nil, errors.New("node is not on PATH")
	}
	locate := exec.CommandContext(ctx, binary, "-p", fmt.Sprintf("require.resolve('@pulumi/pulumi/cmd/%s')", entry))
	locate.Dir, locate.Stderr = directory, io.Discard
	script, err := locate.Output()
	if err != nil {
		return nil, fmt.Errorf("@pulumi/pulumi is not installed for %s: run npm install there", directory)
	}
	command := exec.CommandContext(ctx, binary, append([]string{strings.TrimSpace(string(script))}, arguments...)...)
	command.Env = os.Environ()
	if typescript, given := options["typescript"].(bool); typescript || !given {
		command.Env = append(command.Env, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if tsconfig, given := options["tsconfig"].(string); given {
		command.Env = append(command.Env, "PULUMI_NODEJS_TSCONFIG_PATH="+tsconfig)
	}
	return command, nil
}

// configOf is the stack's configuration and the names of its secrets, as the SDK reads them from its environment.
func configOf(req *pulumirpc.RunRequest) (settings, secretKeys string, err error) {
	config := req.GetConfig()
	if config == nil {
		config = map[string]string{}
	}
	values, err := json.Marshal(config)
	if err != nil {
		return "", "", err
	}
	keys, err := json.Marshal(append([]string{}, req.GetConfigSecretKeys()...))
	return string(values), string(keys), err
}
