package nexus.aiagents.sandbox.internal.script;

import static java.lang.invoke.MethodType.methodType;

import io.roastedroot.quickjs4j.core.JavyPluginModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import nexus.aiagents.sandbox.internal.jit.MethodSplitter;
import nexus.aiagents.sandbox.internal.metering.FuelInjector;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.WasmModule;

/// QuickJS as quickjs4j ships it, compiled to JVM bytecode, with fuel put in while its classes are loaded.
/// Thread-safe.
final class QuickJs {
    private static final String PACKAGE = "io.roastedroot.quickjs4j.core.";
    private static final String MACHINE = PACKAGE + "JavyPluginModuleMachine";
    private static final String FUNCTIONS = "FuncGroup_";

    private final WasmModule module;
    private final Function<Instance, Machine> machines;

    private QuickJs(WasmModule module, Function<Instance, Machine> machines) {
        this.module = module;
        this.machines = machines;
    }

    static QuickJs load() {
        try {
            Class<? extends Machine> machine =
                    new MeteredClasses().loadClass(MACHINE).asSubclass(Machine.class);
            MethodHandle constructor =
                    MethodHandles.publicLookup().findConstructor(machine, methodType(void.class, Instance.class));
            return new QuickJs(JavyPluginModule.load(), instance -> make(constructor, instance));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("quickjs4j does not look as expected", e);
        }
    }

    private static Machine make(MethodHandle constructor, Instance instance) {
        try {
            return (Machine) constructor.invoke(instance);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("the constructor declares no checked exception", e);
        }
    }

    WasmModule module() {
        return module;
    }

    Function<Instance, Machine> machines() {
        return machines;
    }

    /// Loads the compiled engine a second time, with its helpers replaced.
    private static final class MeteredClasses extends ClassLoader {
        private final Map<String, byte[]> splitClasses = new HashMap<>();

        MeteredClasses() {
            super(QuickJs.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(MACHINE)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            byte[] made = splitClasses.get(name);
            if (made != null) {
                return defineClass(name, made, 0, made.length);
            }
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                if (name.endsWith(FuelInjector.TARGET_SUFFIX)) {
                    bytes = FuelInjector.inject(bytes);
                } else if (name.contains(FUNCTIONS)) {
                    MethodSplitter.split(bytes)
                            .forEach((split, body) -> splitClasses.put(split.replace('/', '.'), body));
                    bytes = Objects.requireNonNull(splitClasses.get(name));
                }
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
