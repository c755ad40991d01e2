package nexus.aiagents.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/// A second Ctrl-C ends the process at once. The first one lets it close well, which the JVM would let
/// nobody hurry.
public final class Interrupts {
    private static final int INTERRUPTED = 130;
    private static final AtomicBoolean ASKED = new AtomicBoolean();

    private Interrupts() {}

    /// The class that can hear of signals is not part of the platform's API; where it is not there, the
    /// second Ctrl-C waits like the first.
    public static void secondEndsAtOnce() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler heard = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    interrupted();
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "Ctrl-C";
            };
            Object ours = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, heard);
            Object interrupt = signal.getConstructor(String.class).newInstance("INT");
            signal.getMethod("handle", signal, handler).invoke(null, interrupt, ours);
        } catch (ReflectiveOperationException | IllegalArgumentException _) {
            return; // as it would be without
        }
    }

    private static void interrupted() {
        if (ASKED.getAndSet(true)) {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
        // Not on the thread that delivers signals: it has to hear the second one.
        Thread.ofPlatform().name("interrupted").start(() -> System.exit(INTERRUPTED));
    }
}
