package nexus.aiagents.sandbox;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "nexus.aiagents", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule the_sandbox_knows_nothing_else_of_the_project = noClasses()
            .that()
            .resideInAPackage("nexus.aiagents.sandbox..")
            .should()
            .dependOnClassesThat(DescribedPredicate.describe(
                    "are in another package of the project",
                    (JavaClass type) -> type.getPackageName().startsWith("nexus.aiagents")
                            && !type.getPackageName().startsWith("nexus.aiagents.sandbox")));

    @ArchTest
    static final ArchRule nobody_writes_to_the_standard_streams = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule nobody_ends_the_process_but_a_worker_its_own = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("nexus.aiagents.sandbox.internal.worker.WorkerMain")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class);

    @ArchTest
    static final ArchRule internal_packages_have_no_cycles =
            slices().matching("nexus.aiagents.sandbox.internal.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule metering_knows_neither_kind_of_program = noClasses()
            .that()
            .resideInAPackage("..internal.metering..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..internal.wasm..", "..internal.script..");

    @ArchTest
    static final ArchRule only_metering_makes_threads_of_runs =
            classes().that().areAssignableTo(Thread.class).should().resideInAPackage("..internal.metering..");
}
