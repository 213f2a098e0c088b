package io.portcullis.server.admin;

/** One thing that the admin API knows, under a path of its own. Called on threads that may block. */
public interface Resource {

    /** Such as {@code /v1/bans}; what is below it is the resource's as well. */
    String path();

    AdminAnswer answer(AdminRequest request) throws Refusal;

    /** Whether who does not know the token is answered, too, where he only asks for the path itself. */
    default boolean isPublic() {
        return false;
    }
}
