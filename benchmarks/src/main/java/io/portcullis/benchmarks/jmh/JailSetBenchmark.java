package io.portcullis.benchmarks.jmh;

import io.portcullis.core.ban.JailSet;
import io.portcullis.core.config.Defaults;
import io.portcullis.core.config.JailConfig;
import io.portcullis.core.config.JailConfig.Conditions;
import io.portcullis.core.config.JailConfig.On;
import io.portcullis.core.config.JailConfig.Penalty;
import io.portcullis.core.config.JailConfig.Threshold;
import io.portcullis.core.config.PathPattern;
import io.portcullis.core.http.RequestHead;
import io.portcullis.core.http.StatusSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to see that no jail counts an answer: with jails of statuses only, and with 60 globs for paths and 60
 * for user agents that take any status, so that every request is held against them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class JailSetBenchmark {

    private static final String SECRETS = "*/.env */.env.* */.git/* */.svn/* */.hg/* */.htaccess */.htpasswd */.aws/*"
            + " */.ssh/* */id_rsa */wp-config.php* *.bak *.old *.orig *.save *.swp *.sql *.sql.gz */dump.* */backup.*"
            + " */.ds_store */.vscode/* */.idea/* */composer.json */phpinfo.php */server-status */actuator/*";
    private static final String TRAVERSAL = "*/etc/passwd */etc/shadow */proc/self/* */windows/win.ini */boot.ini"
            + " *../* */web-inf/* */meta-inf/* */cgi-bin/* */vendor/phpunit/* */solr/admin/*";
    private static final String WORDPRESS = "*/xmlrpc.php */wp-login.php */wp-admin/setup-config.php"
            + " */wp-content/plugins/*/readme.txt */wp-json/wp/v2/users* */wp-includes/*.php */wlwmanifest.xml"
            + " */phpmyadmin/* */pma/* */adminer.php */shell.php */c99.php */r57.php */eval-stdin.php */boaform/*"
            + " */manager/html */hnap1/* */owa/auth/* */autodiscover/* */_ignition/* */telescope/* */console/login/*";
    private static final String SCANNERS = "*sqlmap* *nikto* *nmap* *masscan* *zgrab* *acunetix* *nessus* *openvas*"
            + " *wpscan* *dirbuster* *gobuster* *feroxbuster* *ffuf* *wfuzz* *nuclei* *jorgee* *arachni* *w3af* *havij*"
            + " *netsparker* *burpsuite* *zaproxy* *skipfish* *whatweb* *joomscan* *sqlninja* *pangolin* *webshag*"
            + " *fimap* *paros* *grabber* *brutus* *hydra* *medusa* *dotdotpwn* *commix* *xsser* *vega/* *appscan*"
            + " *webinspect* *qualys* *l9explore* *l9tcpid* *leakix* *censysinspect* *expanse* *internet-measurement*"
            + " *zmeu* *morfeus* *libwww-perl* *muieblackcat* *dirsearch* *httpx* *subfinder* *naabu* *jaeles* *cobalt*"
            + " *rustscan* *tsunami* *xray*";

    private static final String CHROME =
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                    + " Chrome/126.0.0.0 Safari/537.36 Edg/126.0";

    private static final RequestHead VISIT = new Request("/products/category/shoes/12345", CHROME);
    private static final RequestHead PROBE = new Request("/products/category/shoes/.env", CHROME);
    private static final RequestHead DISGUISED = new Request("/products/category/shoes/%2eenv", CHROME);

    private final JailSet statuses = JailSet.of("shop", List.of(forbidden()));
    private final JailSet readyMade = JailSet.of(
            "shop",
            List.of(
                    forbidden(),
                    jail("secrets", SECRETS, ""),
                    jail("traversal", TRAVERSAL, ""),
                    jail("wordpress", WORDPRESS, ""),
                    jail("scanners", "", SCANNERS)));

    @Benchmark
    public boolean statusThatNoJailNames() {
        return statuses.mayCount(200) && statuses.mayCount(200, VISIT);
    }

    @Benchmark
    public boolean visitHeldAgainstEveryGlob() {
        return readyMade.mayCount(200) && readyMade.mayCount(200, VISIT);
    }

    @Benchmark
    public boolean probe() {
        return readyMade.mayCount(200) && readyMade.mayCount(200, PROBE);
    }

    @Benchmark
    public boolean disguisedProbe() {
        return readyMade.mayCount(200) && readyMade.mayCount(200, DISGUISED);
    }

    private static JailConfig forbidden() {
        return new JailConfig(
                "forbidden",
                Conditions.ofStatuses(new StatusSet.Builder().add(403).build()),
                threshold(),
                penalty(),
                false);
    }

    /** @param paths separated by spaces, as are the user agents */
    private static JailConfig jail(String name, String paths, String userAgents) {
        List<PathPattern> patterns =
                words(paths).<PathPattern>map(PathPattern.Glob::new).toList();
        return new JailConfig(
                name,
                new Conditions(
                        Set.of(On.RESPONSE),
                        StatusSet.ANY,
                        patterns,
                        List.of(),
                        Set.of(),
                        words(userAgents).toList(),
                        false),
                threshold(),
                penalty(),
                false);
    }

    private static Stream<String> words(String text) {
        return Stream.of(text.split(" ", -1)).filter(word -> !word.isEmpty());
    }

    private static Threshold threshold() {
        return new Threshold(Defaults.MAX_RETRY, Defaults.FIND_TIME, JailConfig.Count.HITS, 1);
    }

    private static Penalty penalty() {
        return new Penalty(Defaults.BAN_TIME, Optional.empty(), Defaults.SCOPE, Defaults.ACTION);
    }

    private record Request(String path, String userAgent) implements RequestHead {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String target() {
            return path;
        }

        @Override
        public @Nullable String header(String name) {
            return name.equals("user-agent") ? userAgent : null;
        }
    }
}
