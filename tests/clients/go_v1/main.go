// Asks with the AWS SDK for Go v1 what standard input says, and writes each page with json.Marshal.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/sagemaker"
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

// ask calls the client's method of the operation, or of its pages, as a program that names it would.
func ask(client *sagemaker.SageMaker, asked request, write func(page interface{})) bool {
	method := reflect.ValueOf(client).MethodByName(asked.Operation)
	if !method.IsValid() {
		return false
	}
	input := reflect.New(method.Type().In(0).Elem())
	check(json.Unmarshal(asked.Input, input.Interface()))
	pages := reflect.ValueOf(client).MethodByName(asked.Operation + "Pages")
	if pages.IsValid() {
		each := reflect.MakeFunc(pages.Type().In(1), func(page []reflect.Value) []reflect.Value {
			write(page[0].Interface())
			return []reflect.Value{reflect.ValueOf(true)}
		})
		err, _ := pages.Call([]reflect.Value{input, each})[0].Interface().(error)
		check(err)
		return true
	}
	answer := method.Call([]reflect.Value{input})
	err, _ := answer[1].Interface().(error)
	check(err)
	write(answer[0].Interface())
	return true
}

func main() {
	// Version 1 does not read AWS_ENDPOINT_URL_SAGEMAKER.
	config := aws.NewConfig().WithEndpoint(os.Getenv("AWS_ENDPOINT_URL_SAGEMAKER"))
	client := sagemaker.New(session.Must(session.NewSession(config)))
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
