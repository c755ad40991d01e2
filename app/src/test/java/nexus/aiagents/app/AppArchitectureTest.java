package nexus.aiagents.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "nexus.aiagents", importOptions = ImportOption.DoNotIncludeTests.class)
class AppArchitectureTest {

    @ArchTest
    static final ArchRule front_ends_know_the_engine_and_never_the_sandbox_or_the_store = noClasses()
            .that()
            .resideInAPackage("nexus.aiagents.app..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("nexus.aiagents.sandbox..", "jetbrains.exodus..", "..internal..");

    @ArchTest
    static final ArchRule the_command_knows_no_window = noClasses()
            .that()
            .resideInAPackage("nexus.aiagents.app.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javafx..", "nexus.aiagents.app.desktop..");

    @ArchTest
    static final ArchRule only_desktop_fx_touches_the_fx_thread = noClasses()
            .that()
            .resideInAPackage("nexus.aiagents.app..")
            .and()
            .resideOutsideOfPackage("nexus.aiagents.app.desktop.fx..")
            .should()
            .callMethod(javafx.application.Platform.class, "runLater", Runnable.class);

    @ArchTest
    static final ArchRule view_models_know_no_scene = noClasses()
            .that()
            .haveSimpleNameEndingWith("ViewModel")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("javafx.scene..")
            .allowEmptyShould(true);

    /// Into a front end come snapshots and events, out of it commands.
    @ArchTest
    static final ArchRule front_ends_know_nothing_that_decides = noClasses()
            .that()
            .resideInAPackage("nexus.aiagents.app..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "nexus.aiagents.engine.saga..",
                    "nexus.aiagents.engine.workflow..",
                    "nexus.aiagents.engine.pool..",
                    "nexus.aiagents.engine.schedule..",
                    "nexus.aiagents.engine.model..",
                    "nexus.aiagents.engine.prompt..");

    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("nexus.aiagents.app.(**)").should().beFreeOfCycles();
}
