// sdks writes the packages of a Pulumi schema for Python and Go, with the generators of the CLI itself.
//
// `pulumi package gen-sdk` asks the language's host for them, and these are modules that no module proxy serves.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	gogen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

const tool = "npm run sdks"

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: sdks SCHEMA FOLDER")
		os.Exit(2)
	}
	if err := write(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "sdks:", err)
		os.Exit(1)
	}
}

func write(schemaFile, folder string) error {
	generators := map[string]func(*schema.Package) (map[string][]byte, error){
		"python": func(bound *schema.Package) (map[string][]byte, error) {
			return python.GeneratePackage(tool, bound, nil, alone{})
		},
		"go": func(bound *schema.Package) (map[string][]byte, error) {
			return gogen.GeneratePackage(tool, bound, nil)
		},
	}
	for language, generate := range generators {
		// Read for each, since a generator keeps in there what it learns of its language.
		bound, err := bind(schemaFile)
		if err != nil {
			return err
		}
		files, err := generate(bound)
		if err != nil {
			return fmt.Errorf("%s: %w", language, err)
		}
		for name, text := range files {
			path := filepath.Join(folder, language, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(path, text, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

func bind(schemaFile string) (*schema.Package, error) {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	bound, found, err := schema.BindSpec(spec, alone{}, schema.ValidationOptions{})
	if err == nil && len(found) > 0 {
		err = found
	}
	return bound, err
}

// alone loads the packages that this one depends on: none.
type alone struct{ schema.ReferenceLoader }
