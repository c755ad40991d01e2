%% One permanent child under a one_for_one supervisor. About once a millisecond it is told to end; printed is, in
%% nanoseconds, how long after its end the next one begins.
-module(restarts).
-behaviour(supervisor).
-export([main/2, init/1, start/1, child/1]).

main(WarmUp, Counted) ->
    logger:set_primary_config(level, none),
    {ok, _} = supervisor:start_link(?MODULE, self()),
    {Warm, _} = rounds(next(), WarmUp, []),
    {_, Seen} = rounds(Warm, Counted, []),
    [io:format("~b~n", [Nanos]) || Nanos <- Seen],
    halt().

rounds(Child, 0, Seen) ->
    {Child, Seen};
rounds({Pid, _}, N, Seen) ->
    timer:sleep(1),
    Pid ! 'end',
    Ended = receive {ended, Pid, At} -> At end,
    {_, Began} = Next = next(),
    rounds(Next, N - 1, [Began - Ended | Seen]).

next() ->
    receive {began, Pid, At} -> {Pid, At} end.

init(Bench) ->
    Restart = #{strategy => one_for_one, intensity => 1000000, period => 1},
    {ok, {Restart, [#{id => child, start => {?MODULE, start, [Bench]}}]}}.

start(Bench) ->
    {ok, spawn_link(?MODULE, child, [Bench])}.

child(Bench) ->
    Bench ! {began, self(), erlang:monotonic_time(nanosecond)},
    receive
        'end' ->
            Bench ! {ended, self(), erlang:monotonic_time(nanosecond)},
            exit(crash)
    end.
