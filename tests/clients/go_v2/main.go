// Asks with the AWS SDK for Go v2 what standard input says, and writes each page with json.Marshal.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sagemaker"
)

type request struct {
	Operation string
	Input     json.RawMessage
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// ask calls the client's method of the operation until no NextToken is left, as its paginators do.
func ask(client *sagemaker.Client, asked request, write func(page interface{})) bool {
	method := reflect.ValueOf(client).MethodByName(asked.Operation)
	if !method.IsValid() {
		return false
	}
	input := reflect.New(method.Type().In(1).Elem())
	check(json.Unmarshal(asked.Input, input.Interface()))
	for {
		answer := method.Call([]reflect.Value{reflect.ValueOf(context.TODO()), input})
		err, _ := answer[1].Interface().(error)
		// Now and then this release closes the connection of a large answer while it reads it.
		for tries := 1; errors.Is(err, net.ErrClosed) && tries < 10; tries++ {
			answer = method.Call([]reflect.Value{reflect.ValueOf(context.TODO()), input})
			err, _ = answer[1].Interface().(error)
		}
		check(err)
		write(answer[0].Interface())
		token := answer[0].Elem().FieldByName("NextToken")
		if !token.IsValid() || token.IsNil() || token.Elem().String() == "" {
			return true
		}
		input.Elem().FieldByName("NextToken").Set(token)
	}
}

func main() {
	settings, err := config.LoadDefaultConfig(context.TODO())
	check(err)
	// This release does not read AWS_ENDPOINT_URL_SAGEMAKER.
	client := sagemaker.NewFromConfig(settings, func(options *sagemaker.Options) {
		options.EndpointResolver = sagemaker.EndpointResolverFromURL(os.Getenv("AWS_ENDPOINT_URL_SAGEMAKER"))
	})
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var asked request
		check(json.Unmarshal(lines.Bytes(), &asked))
		known := ask(client, asked, func(page interface{}) {
			text, err := json.Marshal(page)
			check(err)
			name := filepath.Join(os.Args[1], asked.Operation+".jsonl")
			dump, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
			check(err)
			_, err = dump.Write(append(text, '\n'))
			check(err)
			check(dump.Close())
		})
		if !known {
			fmt.Fprintln(os.Stderr, "unknown", asked.Operation)
		}
	}
}
