// Command api drives gocent: support/program.ts says how.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/centrifugal/gocent/v3"

	"poorwill/test/sdks/lines"
)

func main() {
	lines.Serve(obey, codeOf)
}

func codeOf(err error) int {
	var refusal *gocent.Error
	if errors.As(err, &refusal) {
		return refusal.Code
	}
	return 0
}

func obey(command lines.Command) (any, error) {
	ctx, channel, user := context.Background(), command.Channel, command.User
	client := gocent.New(gocent.Config{Addr: command.URL, Key: command.Key, HTTPClient: &http.Client{}})
	switch command.Do {
	case "publish":
		result, err := client.Publish(ctx, channel, json.RawMessage(command.Data))
		return position(result), err
	case "broadcast":
		result, err := client.Broadcast(ctx, command.Channels, json.RawMessage(command.Data))
		positions := []lines.Facts{}
		for _, response := range result.Responses {
			positions = append(positions, position(*response.Result))
		}
		return positions, err
	case "history":
		result, err := client.History(ctx, channel, gocent.WithLimit(int(command.Limit)))
		publications := []lines.Facts{}
		for _, publication := range result.Publications {
			publications = append(publications, lines.Facts{
				"offset": publication.Offset, "data": string(publication.Data),
			})
		}
		return lines.Facts{"publications": publications, "offset": result.Offset, "epoch": result.Epoch}, err
	case "historyRemove":
		return nil, client.HistoryRemove(ctx, channel)
	case "presence":
		result, err := client.Presence(ctx, channel)
		members := []lines.Facts{}
		for _, info := range result.Presence {
			members = append(members, lines.Facts{"id": info.Client, "user": info.User})
		}
		return members, err
	case "presenceStats":
		result, err := client.PresenceStats(ctx, channel)
		return lines.Facts{"clients": result.NumClients, "users": result.NumUsers}, err
	case "subscribe":
		return nil, client.Subscribe(ctx, channel, user)
	case "unsubscribe":
		return nil, client.Unsubscribe(ctx, channel, user)
	case "disconnect":
		return nil, client.Disconnect(ctx, user)
	case "channels":
		result, err := client.Channels(ctx, gocent.WithPattern(command.Pattern))
		return slices.AppendSeq([]string{}, maps.Keys(result.Channels)), err
	case "info":
		result, err := client.Info(ctx)
		return len(result.Nodes), err
	}
	return nil, fmt.Errorf("no command %s", command.Do)
}

func position(result gocent.PublishResult) lines.Facts {
	return lines.Facts{"offset": result.Offset, "epoch": result.Epoch}
}
