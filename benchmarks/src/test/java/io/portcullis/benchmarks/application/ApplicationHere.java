package io.portcullis.benchmarks.application;

import io.portcullis.benchmarks.application.ApplicationMain.Served;

/** The application in this very process: to start another takes a busy machine seconds. */
public final class ApplicationHere {

    private ApplicationHere() {}

    public static Application start() {
        Served served = ApplicationMain.serve();
        return new Application(ProcessHandle.current().pid(), served.port(), served::close);
    }
}
