package nexus.aiagents.engine.view;

import java.util.List;
import java.util.TreeMap;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.view.RunView.VoteView;

/// What the members of a pool said in one run. Confined to {@link RunFold}.
final class VotesFold {
    private TreeMap<Integer, VoteView> votes = new TreeMap<>();

    void expected(int index, String member) {
        votes.put(index, new VoteView(member, index, "pending", null, null, 0));
    }

    void voted(EngineEvent.PoolVoted e) {
        votes.put(e.index(), new VoteView(e.member(), e.index(), "voted", e.outputJson(), null, 0));
    }

    void failed(EngineEvent.PoolMemberFailed e) {
        votes.put(
                e.index(),
                new VoteView(e.member(), e.index(), "failed", null, e.reason().message(), 0));
    }

    /// Answers that are the same are one choice.
    void tied(List<List<Integer>> candidates) {
        int choice = 1;
        for (List<Integer> group : candidates) {
            for (int index : group) {
                VoteView known = votes.getOrDefault(index, new VoteView("", index, "pending", null, null, 0));
                votes.put(index, known.chosen(choice));
            }
            choice++;
        }
    }

    void decided(EngineEvent.PoolDecided e) {
        votes.replaceAll((index, vote) -> vote.judged(verdict(e, index, vote)));
    }

    private static String verdict(EngineEvent.PoolDecided e, int index, VoteView vote) {
        if (e.cancelled().contains(index)) {
            return "cancelled";
        }
        if (e.dissent().contains(index)) {
            return "dissent";
        }
        return vote.outputJson() == null ? vote.verdict() : "agreed";
    }

    /// Nobody is waited for any more.
    void ended() {
        votes.replaceAll((_, vote) -> vote.verdict().equals("pending") ? vote.judged("cancelled") : vote);
    }

    List<VoteView> view() {
        return List.copyOf(votes.values());
    }
}
