package nexus.aiagents.engine.agent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import nexus.aiagents.sandbox.HostAnswer;
import nexus.aiagents.sandbox.HostCall;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Run;

/// A program written in Java: stands in for the sandbox.
record JavaProgram(String name, Body body) implements PreparedProgram {
    private static final Outcome.Usage USED = new Outcome.Usage(7, 65_536, 1, 0);

    @FunctionalInterface
    interface Body {
        /// @return its output, or an outcome thrown as {@link Ended}
        String run(World world) throws InterruptedException;
    }

    record World(Invocation invocation) {
        String input() {
            return invocation.inputJson();
        }

        HostAnswer ask(HostCall call) throws InterruptedException {
            HostAnswer answer = invocation.hostCalls().call(call);
            if (answer instanceof HostAnswer.Error(String code, String message, boolean fatal) && fatal) {
                throw new Ended(new Outcome.Failed(code, message, "", USED));
            }
            return answer;
        }

        String ok(HostCall call) throws InterruptedException {
            return switch (ask(call)) {
                case HostAnswer.Ok(String json) -> json;
                case HostAnswer.Error e -> throw new Ended(new Outcome.Failed(e.code(), e.message(), "", USED));
            };
        }

        HostAnswer.Error refused(HostCall call) throws InterruptedException {
            if (ask(call) instanceof HostAnswer.Error error) {
                return error;
            }
            throw new IllegalStateException(call + " was answered");
        }

        String model(String prompt) throws InterruptedException {
            return ok(new HostCall.Model("default", "{\"prompt\":\"" + prompt + "\",\"maxTokens\":1}"));
        }
    }

    static final class Ended extends RuntimeException {
        final transient Outcome outcome;

        Ended(Outcome outcome) {
            this.outcome = outcome;
        }
    }

    static Ended trap() {
        return new Ended(new Outcome.Trapped("unreachable", USED));
    }

    static Ended error(String code) {
        return new Ended(new Outcome.Failed(code, code + " happened", "", USED));
    }

    @Override
    public Run start(Invocation invocation) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                outcome.complete(new Outcome.Returned(body.run(new World(invocation)), USED));
            } catch (InterruptedException e) {
                outcome.complete(new Outcome.Cancelled(USED));
            } catch (Ended e) {
                outcome.complete(e.outcome);
            } catch (RuntimeException | Error e) {
                outcome.complete(new Outcome.Failed("bug", String.valueOf(e), "", USED));
            }
        });
        return new Run() {
            @Override
            public CompletionStage<Outcome> outcome() {
                return outcome;
            }

            @Override
            public void cancel() {
                thread.interrupt();
            }

            @Override
            public Outcome.Usage usage() {
                return USED;
            }

            @Override
            public void suspendTimeout() {}

            @Override
            public void resumeTimeout() {}
        };
    }
}
