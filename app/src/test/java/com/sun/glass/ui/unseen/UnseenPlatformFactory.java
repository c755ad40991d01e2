package com.sun.glass.ui.unseen;

import com.sun.glass.ui.Application;
import com.sun.glass.ui.Pixels;
import com.sun.glass.ui.View;
import com.sun.glass.ui.headless.HeadlessApplication;
import com.sun.glass.ui.headless.HeadlessPlatformFactory;
import com.sun.glass.ui.headless.HeadlessView;

/// The headless platform of JavaFX without its screen, asked for by `glass.platform=Unseen`: JavaFX
/// finds it by this package and name. The headless one copies each finished frame to a screen that
/// nobody sees, pixel by pixel on the JavaFX thread, which is half of what tests of windows take.
/// Everything before that last copy is as it was, and snapshots never came from there.
public final class UnseenPlatformFactory extends HeadlessPlatformFactory {
    @Override
    public Application createApplication() {
        return new HeadlessApplication() {
            @Override
            public View createView() {
                return new UnseenView();
            }
        };
    }

    private static final class UnseenView extends HeadlessView {
        @Override
        protected void _uploadPixels(long view, Pixels pixels) {
            // Nobody looks.
        }
    }
}
