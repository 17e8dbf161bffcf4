// Command client drives centrifuge-go: support/program.ts says how.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/centrifugal/centrifuge-go"

	"poorwill/test/sdks/lines"
)

var clients sync.Map

func main() {
	lines.Serve(obey, codeOf)
}

func obey(command lines.Command) (any, error) {
	if command.Do == "connect" {
		return nil, connect(command)
	}
	client, ok := clients.Load(command.Client)
	if !ok {
		return nil, fmt.Errorf("no client %s", command.Client)
	}
	return carryOut(client.(*centrifuge.Client), command)
}

func codeOf(err error) int {
	var refusal *centrifuge.Error
	if errors.As(err, &refusal) {
		return int(refusal.Code)
	}
	return 0
}

func connect(command lines.Command) error {
	tell := func(event string, facts lines.Facts) { tellOf(command.Client, event, facts) }
	timeout := milliseconds(command.Timeout)
	config := centrifuge.Config{
		Data:               bytesOf(command.Data),
		ReadTimeout:        timeout,
		WriteTimeout:       timeout,
		HandshakeTimeout:   timeout,
		MaxServerPingDelay: milliseconds(command.MaxPingDelay),
		MinReconnectDelay:  milliseconds(50),
		MaxReconnectDelay:  milliseconds(500),
	}
	if command.Tokens != nil {
		next := tokensOf(command, "")
		config.GetToken = func(centrifuge.ConnectionTokenEvent) (string, error) { return next(), nil }
	}
	create := centrifuge.NewJsonClient
	if command.Codec == "protobuf" {
		create = centrifuge.NewProtobufClient
	}
	client := create("ws://"+command.Host+"/connection/websocket", config)
	client.OnConnecting(func(e centrifuge.ConnectingEvent) {
		tell("connecting", lines.Facts{"code": e.Code, "reason": e.Reason})
	})
	client.OnConnected(func(e centrifuge.ConnectedEvent) {
		tell("connected", lines.Facts{"id": e.ClientID, "data": string(e.Data)})
	})
	client.OnDisconnected(func(e centrifuge.DisconnectedEvent) {
		tell("disconnected", lines.Facts{"code": e.Code, "reason": e.Reason})
	})
	client.OnError(func(e centrifuge.ErrorEvent) {
		tell("error", lines.Facts{"message": e.Error.Error()})
	})
	client.OnSubscribed(func(e centrifuge.ServerSubscribedEvent) {
		tell("subscribed", lines.Facts{"channel": e.Channel, "wasRecovering": e.WasRecovering, "recovered": e.Recovered})
	})
	client.OnUnsubscribed(func(e centrifuge.ServerUnsubscribedEvent) {
		tell("unsubscribed", lines.Facts{"channel": e.Channel})
	})
	client.OnPublication(func(e centrifuge.ServerPublicationEvent) {
		tell("publication", publication(e.Channel, e.Publication))
	})
	clients.Store(command.Client, client)
	return client.Connect()
}

func carryOut(client *centrifuge.Client, command lines.Command) (any, error) {
	ctx, channel := context.Background(), command.Channel
	switch command.Do {
	case "disconnect":
		client.Close()
		return nil, nil
	case "subscribe":
		return nil, subscribe(client, command)
	case "unsubscribe":
		subscription, ok := client.GetSubscription(channel)
		if !ok {
			return nil, fmt.Errorf("no subscription to %s", channel)
		}
		return nil, subscription.Unsubscribe()
	case "publish":
		_, err := client.Publish(ctx, channel, []byte(command.Data))
		return nil, err
	case "presence":
		result, err := client.Presence(ctx, channel)
		members := []lines.Facts{}
		for _, info := range result.Clients {
			members = append(members, member(info))
		}
		return members, err
	case "presenceStats":
		result, err := client.PresenceStats(ctx, channel)
		return lines.Facts{"clients": result.NumClients, "users": result.NumUsers}, err
	case "history":
		return history(ctx, client, command)
	case "rpc":
		result, err := client.RPC(ctx, command.Method, []byte(command.Data))
		return lines.Facts{"data": string(result.Data)}, err
	}
	return nil, fmt.Errorf("no command %s", command.Do)
}

func history(ctx context.Context, client *centrifuge.Client, command lines.Command) (any, error) {
	options := []centrifuge.HistoryOption{
		centrifuge.WithHistoryLimit(command.Limit),
		centrifuge.WithHistoryReverse(command.Reverse),
	}
	if since := command.Since; since != nil {
		position := centrifuge.StreamPosition{Offset: since.Offset, Epoch: since.Epoch}
		options = append(options, centrifuge.WithHistorySince(&position))
	}
	result, err := client.History(ctx, command.Channel, options...)
	publications := []lines.Facts{}
	for _, each := range result.Publications {
		publications = append(publications, publication(command.Channel, each))
	}
	return lines.Facts{"publications": publications, "offset": result.Offset, "epoch": result.Epoch}, err
}

func subscribe(client *centrifuge.Client, command lines.Command) error {
	channel := command.Channel
	tell := func(event string, facts lines.Facts) {
		facts["channel"] = channel
		tellOf(command.Client, event, facts)
	}
	config := centrifuge.SubscriptionConfig{Data: bytesOf(command.Data), JoinLeave: command.JoinLeave}
	if command.Tokens != nil {
		next := tokensOf(command, channel)
		config.GetToken = func(centrifuge.SubscriptionTokenEvent) (string, error) { return next(), nil }
	}
	subscription, err := client.NewSubscription(channel, config)
	if err != nil {
		return err
	}
	subscription.OnSubscribing(func(e centrifuge.SubscribingEvent) {
		tell("subscribing", lines.Facts{"code": e.Code, "reason": e.Reason})
	})
	subscription.OnSubscribed(func(e centrifuge.SubscribedEvent) {
		tell("subscribed", lines.Facts{
			"wasRecovering": e.WasRecovering, "recovered": e.Recovered, "data": string(e.Data),
		})
	})
	subscription.OnUnsubscribed(func(e centrifuge.UnsubscribedEvent) {
		tell("unsubscribed", lines.Facts{"code": e.Code, "reason": e.Reason})
	})
	subscription.OnError(func(e centrifuge.SubscriptionErrorEvent) {
		tell("error", lines.Facts{"message": e.Error.Error()})
	})
	subscription.OnJoin(func(e centrifuge.JoinEvent) { tell("join", member(e.ClientInfo)) })
	subscription.OnLeave(func(e centrifuge.LeaveEvent) { tell("leave", member(e.ClientInfo)) })
	subscription.OnPublication(func(e centrifuge.PublicationEvent) {
		tell("publication", publication(channel, e.Publication))
	})
	return subscription.Subscribe()
}

// tokensOf gives the tokens of a command one after the other, the last again and again.
func tokensOf(command lines.Command, channel string) func() string {
	asked := 0
	return func() string {
		tellOf(command.Client, "token", lines.Facts{"channel": channel})
		token := command.Tokens[min(asked, len(command.Tokens)-1)]
		asked++
		return token
	}
}

func tellOf(client, event string, facts lines.Facts) {
	facts["client"], facts["event"] = client, event
	lines.Write(facts)
}

func publication(channel string, p centrifuge.Publication) lines.Facts {
	user := ""
	if p.Info != nil {
		user = p.Info.User
	}
	return lines.Facts{
		"channel": channel, "offset": p.Offset, "data": string(p.Data), "user": user, "tags": p.Tags,
	}
}

func member(info centrifuge.ClientInfo) lines.Facts {
	return lines.Facts{"id": info.Client, "user": info.User}
}

func bytesOf(text string) []byte {
	if text == "" {
		return nil
	}
	return []byte(text)
}

func milliseconds(count int) time.Duration {
	return time.Duration(count) * time.Millisecond
}
