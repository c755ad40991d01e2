package nexus.aiagents.app.desktop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a person does with the window, and the test that does it. A test that is renamed or gone is
/// missed here.
class StoriesTest {
    private static final String STORIES = """
            Home: run the demo with the first key                 | HomeTest#the_demo_has_the_focus_and_one_key_brings_a_running_team_and_a_saga_that_rolls_back
            Home: the demo on the real engine                     | DemoTest#the_demo_starts_a_team_rolls_a_saga_back_and_stops_when_told
            Home: open a sample                                   | HomeTest#a_sample_is_copied_once_and_opened
            Home: new from a template, and open a recent one      | HomeTest#a_project_is_made_from_a_template_and_opened_again_from_the_recent_ones
            Home: drop a folder, an MCP server list, a nexus.config.yaml| HomeTest#each_format_that_is_dropped_says_what_it_is_and_what_does_not_come_over_and_a_folder_is_opened
            Home: see what a recent project came to, forget it    | HomeTest#a_recent_project_says_what_its_last_run_came_to_and_what_it_cost
            Home: import, drop a file or folder                   | HomeTest#what_was_dropped_is_opened_or_imported_once_the_person_has_seen_what_does_not_come_over
            Home: open a folder that is no project                | HomeTest#a_folder_without_a_project_is_refused_with_what_to_do
            Editor: see what is wrong while typing                | EditorTest#a_broken_line_is_marked_while_it_is_typed_and_unmarked_when_it_is_mended
            Editor: complete                                      | EditorTest#completion_knows_what_may_stand_at_the_caret
            Editor: hover, open from the tree, leave              | EditorTest#a_word_says_what_it_means_and_a_file_is_opened_from_the_tree_and_not_left_without_a_question
            Editor: find and replace (Ctrl+F, Ctrl+H)             | EditorTest#a_text_is_found_and_replaced_one_by_one_or_everywhere_and_each_is_one_step
            Editor: go to the next problem and fix it (F8, Alt+Enter)| EditorTest#the_key_for_mending_puts_right_what_is_marked_and_the_next_problem_is_one_key_away
            Editor: go to the definition (F12)                    | EditorNamesTest#f12_goes_to_the_definition_in_another_file
            Editor: find usages (Shift+F12)                       | EditorNamesTest#shift_f12_lists_the_usages_and_enter_goes_there
            Editor: rename across files (F2)                      | EditorNamesTest#f2_renames_in_all_files_as_one_step_each_and_says_why_a_name_can_not_be_given
            Editor: go through the outline (Ctrl+Shift+O)         | EditorNamesTest#the_outline_finds_a_step_by_typing
            Editor: format and keep comments                      | EditorNamesTest#format_is_one_step_that_keeps_comments
            Editor: edit by form and undo in one history          | EditorFormTest#text_and_form_are_one
            Editor: difference to what runs, apply live           | ApplyLiveTest#what_an_edit_restarts_is_said_then_it_is_applied_and_has_restarted
            Editor: merge what others wrote                       | ApplyLiveTest#what_other_programs_write_is_merged_and_never_lost
            Editor: recover unsaved edits after a crash           | RestartTest#what_was_typed_and_not_saved_is_offered_after_the_process_was_killed
            Supervisors: filter                                   | PicturesTest#the_filter_of_the_tree_counts_what_it_finds
            Supervisors: click, search, fold, zoom (+ - 0), hover | ScreenVerbsTest#the_tree_is_clicked_searched_folded_zoomed_and_says_who_restarts_whom
            Supervisors: pause, resume, restart, start, overspend | ScreenVerbsTest#an_agent_is_started_paused_resumed_restarted_and_made_to_overspend
            Habits: reduce motion                                 | ScreenVerbsTest#the_tree_is_clicked_searched_folded_zoomed_and_says_who_restarts_whom
            Supervisors: select in picture and list, by keys      | PicturesTest#picture_and_list_share_one_selection_and_the_keyboard_walks_it
            Supervisors: crash, hang, slow down, overspend        | PicturesTest#trouble_is_made_from_the_chaos_menu_which_says_what_can_not_be_done
            Supervisors: crash for real and see it heal           | PicturesOnEngineTest#an_agent_crashed_from_the_tree_is_up_again_and_its_restart_is_counted
            Supervisors: drag to another parent                   | ControlFlowsTest#a_team_is_rearranged_by_mouse_and_keys_and_back_again
            Supervisors: add a child                              | TeamVerbsTest#a_supervisor_with_named_children_asks_which_child_is_added
            Supervisors: look back                                | LookBackTest#the_slider_shows_the_whole_window_as_it_was_and_back_to_now_ends_it
            Runs: start a workflow                                | RunVerbsTest#a_workflow_is_started_from_its_dialog
            Runs: see what was undone                             | PicturesTest#a_rolled_back_saga_shows_every_compensation_in_its_order
            Runs: go on with a parked one                         | PicturesTest#a_parked_run_offers_to_go_on
            Runs: approve                                         | RunVerbsTest#a_workflow_shows_its_graph_what_was_skipped_and_why_and_what_waits
            Runs: edit and retry, fork                            | RunVerbsTest#a_step_is_retried_and_forked_with_another_input_that_has_to_be_json
            Runs: replay                                          | ReplayPaneTest#a_failed_run_is_replayed_call_by_call_and_again_with_another_answer
            Runs: filter, pause, resume, cancel, retry, skip, fork, events| ScreenVerbsTest#runs_are_filtered_told_what_to_do_and_read_event_by_event
            Runs: timeline, compact, compare                      | ControlFlowsTest#a_run_is_looked_at_in_each_way_searched_zoomed_and_compared
            Pools: scale                                          | PoolsTest#it_is_scaled_by_a_slider_by_buttons_and_by_itself_again
            Pools: drain                                          | PoolsTest#it_is_drained_and_resumed_and_what_can_not_be_done_says_why
            Pools: decide a tie                                   | PoolsTest#a_tie_is_decided_by_picking_one_of_the_answers
            Cost: set a limit by slider, in the file and live     | PicturesOnEngineTest#the_slider_writes_the_limit_into_the_file_keeps_its_comments_and_applies_it
            Cost: set it exactly                                  | PicturesTest#calls_are_limited_and_freed_of_their_limit_in_a_field
            Cost: spending by agent, model, run                   | ScreenVerbsTest#spending_is_seen_by_agent_model_and_run_and_a_raised_limit_resumes_what_it_paused
            Cost: preview on history                              | ControlFlowsTest#a_limit_that_is_tried_says_what_it_would_have_stopped
            Cost: raise a limit and resume what it paused         | ScreenVerbsTest#spending_is_seen_by_agent_model_and_run_and_a_raised_limit_resumes_what_it_paused
            Agents: run with this input                           | PicturesOnEngineTest#a_run_with_ones_own_input_shows_its_result
            Agents: read the log                                  | ScreenVerbsTest#a_log_is_followed_filtered_by_words_expressions_and_level_searched_for_its_first_error_and_copied
            Agents: edit, run and replay the source               | AgentScreenTest#an_agent_is_run_with_a_form_replayed_mended_and_tried_again
            Agents: stop, and see what it cost                    | PicturesOnEngineTest#stop_stops_and_says_what_it_cost
            Capabilities: answer an ask                           | CapabilitiesTest#a_question_says_what_is_allowed_to_whom_and_every_answer_how_long
            Trust: see why, and allow                             | ControlFlowsTest#trust_is_explained_decided_with_a_reason_and_followed_to_the_journal_and_the_run
            Trust: refuse with a reason and until when            | ScreenVerbsTest#an_agent_is_refused_for_as_long_as_one_says_and_with_a_reason
            Audit: filter, follow, verify                         | ScreenVerbsTest#the_journal_is_followed_filtered_and_verified
            Audit: export                                         | ControlFlowsTest#an_export_has_what_the_filter_shows_in_the_format_that_the_name_says
            Audit: jump to the run and to the moment              | ControlFlowsTest#trust_is_explained_decided_with_a_reason_and_followed_to_the_journal_and_the_run
            Capabilities: remove what was never used              | CapabilitiesTest#a_grant_that_was_never_used_is_removed_by_button_or_key_and_put_back
            Settings: search                                      | ShellTest#slash_goes_to_the_filter_of_the_screen_and_is_a_letter_where_one_types
            Settings: choose a theme, see models and prices       | ShellVerbsTest#a_theme_that_is_chosen_holds_at_once_and_after_a_restart_and_models_say_their_price
            Settings: give an action other keys                   | ShellTest#keys_of_an_action_are_changed_and_count_at_once_wherever_they_are_shown
            Settings: keep a key in the keychain                  | ShellTest#a_key_is_set_and_removed_in_the_settings_and_never_shown
            Agents: recover an unsaved source after a crash       | RestartTest#what_was_typed_and_not_saved_is_offered_after_the_process_was_killed
            Settings: the theme follows the system                | ShellVerbsTest#a_theme_that_is_chosen_holds_at_once_and_after_a_restart_and_models_say_their_price
            Notifications: hear of what failed                    | HomeTest#a_run_that_fails_while_one_looks_on_is_told
            Notifications: read, follow, clear                    | ShellVerbsTest#notifications_are_read_counted_followed_and_cleared
            Notifications: a banner while the window is not in front| ShellTest#what_happens_while_the_window_is_not_in_front_is_one_banner_and_can_be_switched_off
            Habits: do anything from the palette                  | ShellTest#the_palette_finds_an_action_by_a_few_letters_and_does_it
            Habits: start and stop the team (F5, Shift+F5), go to screens (Ctrl+1 to 9)| ShellVerbsTest#keys_start_and_stop_the_team_and_lead_to_every_screen
            Habits: see and cancel what takes long                | ShellVerbsTest#what_takes_long_is_seen_with_its_progress_and_each_of_it_can_be_cancelled
            Habits: go to the filter (/)                          | ShellTest#slash_goes_to_the_filter_of_the_screen_and_is_a_letter_where_one_types
            Habits: go round the parts of the window (F6)         | ShellTest#f6_goes_round_the_parts_of_the_window
            Habits: see why something is disabled                 | ShellTest#what_can_not_be_done_says_why
            Habits: walk every screen by keys alone               | EveryScreenTest#every_screen_is_walked_by_keys_alone_every_control_says_what_it_is_and_no_word_is_cut
            Habits: find everything as it was after a restart     | RestartTest#splits_tabs_carets_filters_what_is_folded_and_selected_and_the_screen_survive_a_restart
            Habits: every screen in both themes and two sizes     | ScreenshotsTest#every_screen_shows_itself_in_both_themes_and_sizes
            """;

    @Test
    void every_story_has_its_test() throws ClassNotFoundException {
        List<String> missing = new ArrayList<>();
        for (String line : STORIES.strip().lines().toList()) {
            String[] story = line.split("\\s*\\|\\s*");
            String[] test = story[1].split("#");
            boolean there = Arrays.stream(Class.forName(getClass().getPackageName() + "." + test[0])
                            .getDeclaredMethods())
                    .anyMatch(m -> m.getName().equals(test[1]) && m.isAnnotationPresent(Test.class));
            if (!there) {
                missing.add(story[0] + ": " + story[1]);
            }
        }
        assertEquals(List.of(), missing);
    }
}
