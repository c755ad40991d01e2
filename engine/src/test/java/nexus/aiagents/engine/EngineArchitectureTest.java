package nexus.aiagents.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.time.Instant;
import java.time.InstantSource;

@AnalyzeClasses(packages = "nexus.aiagents", importOptions = ImportOption.DoNotIncludeTests.class)
class EngineArchitectureTest {

    @ArchTest
    static final ArchRule the_engine_knows_no_window_and_no_front_end = noClasses()
            .that()
            .resideInAPackage("nexus.aiagents.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javafx..", "java.awt..", "javax.swing..", "nexus.aiagents.app..");

    @ArchTest
    static final ArchRule the_engine_writes_nothing_to_stdout =
            GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule only_the_journal_knows_the_store = noClasses()
            .that()
            .resideOutsideOfPackage("nexus.aiagents.engine.journal..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jetbrains.exodus..");

    @ArchTest
    static final ArchRule only_agents_run_in_the_sandbox = noClasses()
            .that()
            .resideInAPackage("nexus.aiagents.engine..")
            .and()
            .resideOutsideOfPackages(
                    "nexus.aiagents.engine.agent..",
                    "nexus.aiagents.engine.prompt..",
                    "nexus.aiagents.engine.replay..",
                    "nexus.aiagents.engine")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("nexus.aiagents.sandbox..");

    @ArchTest
    static final ArchRule internals_of_the_sandbox_are_nobodys_business = noClasses()
            .that()
            .resideInAPackage("nexus.aiagents.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("nexus.aiagents.sandbox.internal..");

    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("nexus.aiagents.engine.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothing_below_knows_the_facade = noClasses()
            .that()
            .resideInAPackage("nexus.aiagents.engine.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("nexus.aiagents.engine");

    /// What decides: all of sagas, workflows and pools; of the others everything but what drives them.
    private static final String DECISIONS = "nexus\\.aiagents\\.engine\\.("
            + "(saga|pool|workflow)\\..*"
            + "|supervise\\.(?!SupervisionTree|TreeLoop|Roots|Message|AgentSlot).*"
            + "|money\\.(LedgerRules|LedgerState|LedgerStep|Limits|Windows|Held|Hold|Spend)\\b.*"
            + "|schedule\\.(ScheduleMachine|ScheduleState)\\b.*)";

    @ArchTest
    static final ArchRule decisions_know_no_thread_disk_or_network = noClasses()
            .that()
            .haveNameMatching(DECISIONS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.concurrent..", "java.nio.file..", "java.io..", "java.net..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class);

    @ArchTest
    static final ArchRule decisions_know_no_clock = noClasses()
            .that()
            .haveNameMatching(DECISIONS)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(InstantSource.class)
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime");
}
