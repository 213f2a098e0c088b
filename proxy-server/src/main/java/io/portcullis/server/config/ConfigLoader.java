package io.portcullis.server.config;

import io.portcullis.core.config.PortcullisConfig;
import io.portcullis.server.config.CertificateReader.Expired;
import io.portcullis.server.tls.TlsHeadStart;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Reads the main file and every virtual host's, and refuses them whole if there is any problem in any of them. */
public final class ConfigLoader {

    private ConfigLoader() {}

    /**
     * Loads a configuration. Blocks on files; never throws for what stands, or does not stand, in them.
     *
     * @param mainFile as the operator named it; problems name files in the same way. One that is not HOCON hides the
     *     problems of the virtual hosts, since it is the one to name them
     */
    public static LoadResult load(Path mainFile) {
        return load(mainFile, InstantSource.system());
    }

    /**
     * Like {@link #load(Path)}.
     *
     * @param clock which certificates have expired by
     */
    public static LoadResult load(Path mainFile, InstantSource clock) {
        return load(mainFile, new Findings(), new CertificateReader(clock, Expired.A_PROBLEM));
    }

    /**
     * Like {@link #load(Path)}, for a process that starts: it takes a certificate that has expired, with a warning. Where
     * there is TLS, what that needs has been loaded, too.
     */
    public static LoadResult loadToRun(Path mainFile) {
        try (TlsHeadStart tls = new TlsHeadStart()) {
            return load(
                    mainFile,
                    new Findings(),
                    new CertificateReader(InstantSource.system(), Expired.A_WARNING, tls::begin));
        }
    }

    static LoadResult load(Path mainFile, Findings findings, CertificateReader certificates) {
        MainFile main = MainFile.read(mainFile, findings, certificates);
        if (main == null) {
            return new LoadResult.Refused(findings.problems());
        }
        VirtualHostFiles hosts = VirtualHostFiles.read(main, findings, certificates);
        PortcullisConfig config = main.with(hosts.virtualHosts(), hosts.names());
        if (findings.hasProblems()) {
            return new LoadResult.Refused(findings.problems());
        }
        List<String> files = new ArrayList<>();
        files.add(mainFile.toString());
        hosts.files().forEach(file -> files.add(file.toString()));
        return new LoadResult.Loaded(config, files, findings.warnings());
    }
}
