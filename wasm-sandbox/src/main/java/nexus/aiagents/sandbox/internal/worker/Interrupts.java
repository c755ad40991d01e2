package nexus.aiagents.sandbox.internal.worker;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A Ctrl-C in a terminal goes to every process that was started from there, and to say what becomes of its
/// runs is the app's business: a worker ends when the app closes its pipe, and not before.
final class Interrupts {
    private static final Logger LOG = LoggerFactory.getLogger(Interrupts.class);

    private Interrupts() {}

    static void ignore() {
        ignore("INT");
        ignore("HUP"); // the terminal was closed; Windows does not know it
    }

    /// By reflection: the class that can do it is in every Java, but in no specification.
    private static void ignore(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Lookup lookup = MethodHandles.publicLookup();
            Object asked = lookup.findConstructor(signal, methodType(void.class, String.class))
                    .invoke(name);
            Object ignored =
                    lookup.findStaticGetter(handler, "SIG_IGN", handler).invoke();
            lookup.findStatic(signal, "handle", methodType(handler, signal, handler))
                    .invoke(asked, ignored);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            LOG.debug("signal {} ends this worker", name, e);
        }
    }
}
